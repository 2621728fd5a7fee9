import { Button } from "@mantine/core";
import { useState } from "react";
import { checkLink, saveLink, useForEach, type Done } from "@/api/links";
import { explain } from "@/api/errors";
import { ActionBar } from "@/components/ActionBar";
import { useToasts } from "@/components/Toasts";
import { useI18n, type Key } from "@/i18n";
import { DeleteLinksDialog } from "./DeleteLinksDialog";

interface BulkBarProps {
  chosen: ReadonlySet<number>;
  /** How many pass the filter in all, on this page and on others. */
  total: number;
  onChooseAll: () => void;
  onClear: () => void;
}

const ACTS = [
  { key: "links.bulk.check", act: checkLink },
  { key: "links.bulk.on", act: (id: number) => saveLink(id, { is_enabled: true }) },
  { key: "links.bulk.off", act: (id: number) => saveLink(id, { is_enabled: false }) },
] as const satisfies readonly { key: Key; act: (id: number) => Promise<unknown> }[];

/** What can be done with all chosen links at once. */
export function BulkBar({ chosen, total, onChooseAll, onClear }: BulkBarProps) {
  const { say, sayIfKnown } = useI18n();
  const { tell, complain } = useToasts();
  const forEach = useForEach();
  const [deleting, setDeleting] = useState(false);
  const ids = [...chosen];

  const report = ({ done, failed }: Done) => {
    if (done > 0) tell(say("links.bulk.done", { count: done }));
    if (failed.length > 0)
      complain(
        new Error(
          say("links.bulk.failed", { count: failed.length, why: explain(failed[0], { say, sayIfKnown }) }),
        ),
      );
  };
  return (
    <ActionBar
      label={say("links.bulk")}
      chosen={say("links.bulk.chosen", { count: chosen.size })}
      clear={say("links.bulk.clear")}
      onClear={onClear}
    >
      {total > chosen.size && (
        <Button size="xs" variant="subtle" onClick={onChooseAll}>
          {say("links.bulk.all", { count: total })}
        </Button>
      )}
      {ACTS.map(({ key, act }) => (
        <Button
          key={key}
          size="xs"
          variant="default"
          disabled={forEach.isPending}
          onClick={() => forEach.mutate({ ids, act }, { onSuccess: report, onError: complain })}
        >
          {say(key)}
        </Button>
      ))}
      <Button
        size="xs"
        variant="default"
        color="red"
        disabled={forEach.isPending}
        onClick={() => setDeleting(true)}
      >
        {say("links.bulk.delete")}
      </Button>
      {deleting && (
        <DeleteLinksDialog
          ids={ids}
          name={null}
          onClose={() => setDeleting(false)}
          onDone={(outcome) => {
            setDeleting(false);
            report(outcome);
            onClear();
          }}
        />
      )}
    </ActionBar>
  );
}
