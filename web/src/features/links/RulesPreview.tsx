import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { trialQuery, type Filters, type Verdict } from "@/api/links";
import { ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { VerdictBadge } from "./LinkBadge";
import styles from "./RulesPreview.module.css";
import { useReasonName } from "./words";

const REST_MS = 350;
const LEFT_OUT: readonly Verdict[] = ["skipped", "removed"];

/** What the rules in the form would make of everything that is known of the link. Nothing is changed by it. */
export function RulesPreview({ link, filters }: { link: number; filters: Filters }) {
  const { say } = useI18n();
  const nameOf = useReasonName();
  // By its text: a form makes the same rules anew with every key.
  const [rested] = useDebouncedValue(JSON.stringify(filters), REST_MS);
  const { data, error, isPlaceholderData } = useQuery(trialQuery(link, JSON.parse(rested) as Filters));
  if (error) return <ErrorNote error={error} />;
  if (!data) return <LoadingRows count={1} height={72} />;
  const out = data.counts
    .filter(({ verdict }) => LEFT_OUT.includes(verdict))
    .reduce((sum, { count }) => sum + count, 0);
  // What is in the library stays there, and passes the rules all the same or not.
  const kept = data.total - out - data.held_but_ruled_out;
  const stale = isPlaceholderData || rested !== JSON.stringify(filters);
  return (
    <div className={`${styles["preview"]} ${stale ? styles["stale"] : ""}`}>
      <p className={styles["sum"]} role="status">
        {data.total === 0 ? (
          say("preview.nothing")
        ) : (
          <>
            <strong>{say("preview.sum", { kept, count: data.total })}</strong>{" "}
            {data.wanted > 0 && say("preview.wanted", { count: data.wanted })}{" "}
            {data.unwanted > 0 && say("preview.unwanted", { count: data.unwanted })}{" "}
            {data.held_but_ruled_out > 0 && say("preview.held", { count: data.held_but_ruled_out })}
          </>
        )}
      </p>
      {out > 0 && (
        <ul className={styles["reasons"]} aria-label={say("preview.why")}>
          {data.counts
            .filter(({ verdict }) => LEFT_OUT.includes(verdict))
            .map(({ verdict, reason, count }) => (
              <li key={`${verdict} ${reason}`}>
                {say("check.named", {
                  name: reason === null ? say(`verdict.${verdict}`) : nameOf(reason),
                  what: say("preview.count", { count }),
                })}
              </li>
            ))}
        </ul>
      )}
      {data.samples.length > 0 && (
        <ul className={styles["samples"]} aria-label={say("preview.changes")}>
          {data.samples.map((sample) => (
            <li key={sample.id}>
              <span className={styles["name"]} dir="auto">
                {sample.title ?? say("entry.untitled")}
              </span>
              <span className={styles["turn"]}>
                <VerdictBadge verdict={sample.verdict} />
                <span aria-label={say("preview.becomes")}>→</span>
                <VerdictBadge verdict={sample.would_be} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
