import { memo, useEffect, useRef } from "react";
import type { Match } from "@/api/review";
import { IconDown, IconUp } from "@/components/icons";
import { useI18n } from "@/i18n";
import { proposed, type Word } from "./decisions";
import { Panel } from "./Panel";
import { parted, useReasonWords } from "./reasons";
import styles from "./ReviewRow.module.css";
import { Side } from "./Side";
import { VerdictMark } from "./VerdictMark";

export interface RowActs {
  onOpen: (song: number) => void;
  onSay: (match: Match, word: Word) => void;
  onSearch: (match: Match) => void;
  onLeave: (match: Match) => void;
}

interface ReviewRowProps extends RowActs {
  match: Match;
  open: boolean;
  /** The keyboard has come here: take the focus along. */
  focused: boolean;
}

/** One wanted song beside what was found for it; the open one shows what can be done. */
export const ReviewRow = memo(function ReviewRow({ match, open, focused, onOpen, ...acts }: ReviewRowProps) {
  const { say } = useI18n();
  const head = useRef<HTMLButtonElement>(null);
  const { song, track, verdict, is_decided: byPerson } = match;
  const found = proposed(match);
  const reasons = track === null && found !== null ? (found.reasons ?? match.reasons) : match.reasons;

  useEffect(() => {
    if (focused) head.current?.focus({ preventScroll: true });
  }, [focused]);
  const Fold = open ? IconUp : IconDown;
  return (
    <article className={`${styles["row"]} ${styles[verdict]} ${open ? styles["open"] : ""}`}>
      <button
        ref={head}
        type="button"
        className={styles["head"]}
        aria-expanded={open}
        onClick={() => onOpen(song.id)}
      >
        <span className={styles["verdict"]}>
          <span className={styles["place"]}>{song.position + 1}</span>
          <VerdictMark verdict={verdict} />
        </span>
        <span className={styles["half"]}>
          <span className={styles["name"]}>{say("review.wanted")}</span>
          <Side facts={song} other={found} reasons={reasons} />
        </span>
        <span className={styles["half"]}>
          <span className={styles["name"]}>{say(nameOfFound(match))}</span>
          {found && verdict !== "waiting" ? (
            <Side facts={found} other={song} reasons={reasons} measures />
          ) : (
            <span className={styles["nothing"]}>
              {say(verdict === "waiting" ? "review.judging" : byPerson ? "review.refused" : "review.nothing")}
            </span>
          )}
          {!open && found && <Why reasons={match.reasons} />}
        </span>
        <Fold size={18} aria-hidden className={styles["fold"]} />
      </button>
      {open && <Panel match={match} {...acts} />}
    </article>
  );
});

function nameOfFound({ verdict, is_decided: byPerson }: Match) {
  if (byPerson) return "review.byYou";
  return verdict === "matched" ? "review.found" : "review.proposed";
}

/** What speaks against a track comes first: there is room for two. */
function Why({ reasons }: { reasons: readonly string[] }) {
  const words = useReasonWords();
  const telling = reasons.filter((reason) => !parted(reason).code.startsWith("same_"));
  if (telling.length === 0) return null;
  return <span className={styles["why"]}>{telling.slice(0, 2).map(words).join(" · ")}</span>;
}
