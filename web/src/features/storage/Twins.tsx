import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { twinsQuery, useUnmerge, type Merged } from "@/api/twins";
import { forms } from "@/components/Form";
import { IconUndo } from "@/components/icons";
import { Row, Rows } from "@/components/Rows";
import { Section } from "@/components/Screen";
import { ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { Pair } from "./Pair";
import styles from "./Twins.module.css";

/** Songs that may be here twice. */
export function Twins() {
  const { say } = useI18n();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery(twinsQuery);
  // What was made one can be made two again for as long as the screen is open; the item's trash does it later.
  const [merged, setMerged] = useState<readonly Merged[]>([]);
  const pairs = data?.pages.flatMap((page) => page.pairs) ?? [];
  return (
    <Section title={say("twins.title")}>
      <p className={forms.note}>{say("twins.note")}</p>
      {merged.length > 0 && (
        <Rows label={say("twins.undo")}>
          {merged.map((each) => (
            <MergedRow
              key={each.alias}
              merged={each}
              onUndone={() => setMerged((all) => all.filter(({ alias }) => alias !== each.alias))}
            />
          ))}
        </Rows>
      )}
      {!data && !error && <LoadingRows count={2} height={160} />}
      {data && pairs.length === 0 && <p className={forms.note}>{say("twins.none")}</p>}
      <ul className={styles["pairs"]}>
        {pairs.map((pair) => (
          <Pair
            key={pair.items.map(({ id }) => id).join(" ")}
            pair={pair}
            onMerged={(done) => setMerged((all) => [done, ...all])}
          />
        ))}
      </ul>
      {error && <ErrorNote error={error} onRetry={() => void (data ? fetchNextPage() : refetch())} />}
      {hasNextPage && (
        <div>
          <Button
            size="xs"
            variant="default"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {say("twins.more")}
          </Button>
        </div>
      )}
    </Section>
  );
}

function MergedRow({ merged, onUndone }: { merged: Merged; onUndone: () => void }) {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const unmerge = useUnmerge();
  const title = merged.gone.title;
  const undo = () =>
    void unmerge
      .mutateAsync(merged)
      .then(({ restored }) => {
        tell(say(restored ? "twins.undone" : "twins.undoneEmpty", { title }));
        onUndone();
      })
      .catch(complain);
  return (
    <Row
      title={<span role="status">{say("twins.merged", { gone: title, kept: merged.kept.title })}</span>}
      actions={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconUndo size={16} aria-hidden />}
          aria-label={say("twins.undoNamed", { title })}
          loading={unmerge.isPending}
          onClick={undo}
        >
          {say("twins.undo")}
        </Button>
      }
    />
  );
}
