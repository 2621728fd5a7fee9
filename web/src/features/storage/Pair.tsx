import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Item } from "@/api/items";
import { useDismissTwins, useMerge, type Merged, type TwinPair } from "@/api/twins";
import { KindIcon } from "@/components/KindIcon";
import { Picture } from "@/components/Picture";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { about } from "./about";
import styles from "./Twins.module.css";
import { TWIN_REASONS } from "./words";

interface PairProps {
  pair: TwinPair;
  onMerged: (merged: Merged) => void;
}

/** Two songs that may be one, the better one first. */
export function Pair({ pair, onMerged }: PairProps) {
  const { say, percent } = useI18n();
  const { tell, complain } = useToasts();
  const merge = useMerge();
  const dismiss = useDismissTwins();
  const [one, other] = pair.items;
  if (one === undefined || other === undefined) return null;
  const busy = merge.isPending || dismiss.isPending;
  // The row goes before the mutation's own callbacks are called.
  const keep = (kept: Item, gone: Item) =>
    void merge
      .mutateAsync({ kept, gone })
      .then((merged) => merged && onMerged(merged))
      .catch(complain);
  const part = () =>
    void dismiss
      .mutateAsync([one, other])
      .then(() => tell(say("twins.dismissed", { title: one.title })))
      .catch(complain);
  return (
    <li className={styles["pair"]} aria-label={say("twins.pair", { one: one.title, other: other.title })}>
      <div className={styles["head"]}>
        <span className={styles["why"]}>
          <Tag>{say(TWIN_REASONS[pair.reason])}</Tag>
          {pair.score !== null && <Tag>{say("twins.score", { share: percent(pair.score) })}</Tag>}
        </span>
        <Button
          size="xs"
          variant="default"
          aria-label={say("twins.twoNamed", { title: one.title })}
          disabled={busy}
          onClick={part}
        >
          {say("twins.two")}
        </Button>
      </div>
      <div className={styles["sides"]}>
        <Side item={one} better busy={busy} onKeep={() => keep(one, other)} />
        <Side item={other} busy={busy} onKeep={() => keep(other, one)} />
      </div>
    </li>
  );
}

interface SideProps {
  item: Item;
  better?: boolean;
  busy: boolean;
  onKeep: () => void;
}

function Side({ item, better = false, busy, onKeep }: SideProps) {
  const { say, clock, bytes } = useI18n();
  const facts = about(item, { clock, bytes });
  return (
    <div className={styles["side"]}>
      <Picture
        address={item.thumbnail_url}
        fallback={<KindIcon kind={item.kind} />}
        className={styles["picture"]}
      />
      <div className={styles["names"]}>
        <Link to="/library/$id" params={{ id: item.id }} dir="auto">
          {item.title}
        </Link>
        <span className={styles["about"]} dir="auto">
          {[item.artist, item.album].filter(Boolean).join(" · ")}
        </span>
        <span className={styles["about"]}>{facts.join(" · ")}</span>
        {better && <Tag tone="good">{say("twins.better")}</Tag>}
      </div>
      <div className={styles["keep"]}>
        <Button
          size="xs"
          variant={better ? "filled" : "default"}
          aria-label={say("twins.keepNamed", { title: item.title, about: facts.join(", ") })}
          disabled={busy}
          onClick={onKeep}
        >
          {say("twins.keep")}
        </Button>
      </div>
    </div>
  );
}
