import { Button } from "@mantine/core";
import type { Candidate, Match } from "@/api/review";
import {
  IconAlert,
  IconBan,
  IconCheck,
  IconExternal,
  IconSearch,
  IconSkip,
  IconUndo,
  IconX,
} from "@/components/icons";
import { useI18n } from "@/i18n";
import { proposed } from "./decisions";
import { MOST_CANDIDATES } from "./keys";
import styles from "./Panel.module.css";
import { speaksFor, useReasonWords } from "./reasons";
import type { RowActs } from "./ReviewRow";
import { Side } from "./Side";

type PanelProps = Pick<RowActs, "onSay" | "onSearch" | "onLeave"> & { match: Match };

/** Why it was judged so, what else could be it, and what can be said about it. */
export function Panel({ match, onSay, onSearch, onLeave }: PanelProps) {
  const { say } = useI18n();
  const { song } = match;
  const track = proposed(match);
  const shown = match.candidates.slice(0, MOST_CANDIDATES);
  const address = song.url && /^https?:\/\//i.test(song.url) ? song.url : null;
  return (
    <div className={styles["panel"]}>
      {match.reasons.length > 0 && <Reasons reasons={match.reasons} />}
      {!song.is_available && <p className={styles["note"]}>{say("review.greyed")}</p>}
      {shown.length > 0 && (
        <ol className={styles["candidates"]} aria-label={say("review.candidates")}>
          {shown.map((candidate, index) => (
            <CandidateRow
              key={candidate.track_id}
              candidate={candidate}
              match={match}
              number={index + 1}
              onPick={() => onSay(match, { choice: "track", track: candidate })}
            />
          ))}
        </ol>
      )}
      <div
        className={styles["actions"]}
        role="group"
        aria-label={say("review.actions", { title: song.title })}
      >
        {track && (
          <>
            <Button
              size="xs"
              leftSection={<IconCheck size={16} aria-hidden />}
              onClick={() => onSay(match, { choice: "track", track })}
            >
              {say("review.accept")}
            </Button>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconX size={16} aria-hidden />}
              onClick={() => onSay(match, { choice: "refuse", track })}
            >
              {say("review.refuse")}
            </Button>
          </>
        )}
        <Button
          size="xs"
          variant="default"
          leftSection={<IconSearch size={16} aria-hidden />}
          onClick={() => onSearch(match)}
        >
          {say("review.search")}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconBan size={16} aria-hidden />}
          onClick={() => onSay(match, { choice: "never" })}
        >
          {say("review.never")}
        </Button>
        {match.is_decided && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconUndo size={16} aria-hidden />}
            onClick={() => onSay(match, { choice: "forget" })}
          >
            {say("review.forget")}
          </Button>
        )}
        <Button
          size="xs"
          variant="default"
          leftSection={<IconSkip size={16} aria-hidden />}
          onClick={() => onLeave(match)}
        >
          {say("review.leave")}
        </Button>
        {address && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconExternal size={16} aria-hidden />}
            component="a"
            href={address}
            target="_blank"
            rel="noopener noreferrer"
          >
            {say("review.source")}
          </Button>
        )}
      </div>
    </div>
  );
}

function Reasons({ reasons }: { reasons: readonly string[] }) {
  const { say } = useI18n();
  const words = useReasonWords();
  return (
    <ul className={styles["reasons"]} aria-label={say("review.reasons")}>
      {reasons.map((reason) => {
        const good = speaksFor(reason);
        const Icon = good ? IconCheck : IconAlert;
        return (
          <li key={reason} className={styles[good ? "good" : "doubt"]}>
            <Icon size={14} aria-hidden />
            {words(reason)}
          </li>
        );
      })}
    </ul>
  );
}

interface CandidateRowProps {
  candidate: Candidate;
  match: Match;
  number: number;
  onPick: () => void;
}

function CandidateRow({ candidate, match, number, onPick }: CandidateRowProps) {
  const { say, percent } = useI18n();
  const words = useReasonWords();
  const chosen = match.track?.track_id === candidate.track_id;
  const reasons = candidate.reasons ?? [];
  const doubts = reasons.filter((reason) => !speaksFor(reason));
  return (
    <li>
      <button
        type="button"
        className={styles["candidate"]}
        aria-pressed={chosen}
        title={say("review.pick", { number })}
        onClick={onPick}
      >
        <kbd className={styles["key"]}>{number}</kbd>
        <span className={styles["facts"]}>
          <Side facts={candidate} other={match.song} reasons={reasons} measures />
          {doubts.length > 0 && <span className={styles["doubts"]}>{doubts.map(words).join(" · ")}</span>}
        </span>
        {typeof candidate.score === "number" && (
          <span className={styles["score"]}>{percent(candidate.score)}</span>
        )}
        {chosen && <IconCheck size={18} aria-hidden className={styles["chosen"]} />}
      </button>
    </li>
  );
}
