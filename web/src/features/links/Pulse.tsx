import { useInfiniteQuery } from "@tanstack/react-query";
import { historyQuery, type Check } from "@/api/history";
import { useI18n } from "@/i18n";
import styles from "./Pulse.module.css";

/** So many checks are drawn. */
const SHOWN = 60;
/** A bar or two are no picture: the list of checks says as much. */
const FEWEST = 3;

export const pulseQuery = (link: number) => historyQuery({ link }, SHOWN);

/** How a link's last checks went: a bar each, as high as they brought something new. */
export function Pulse({ link }: { link: number }) {
  const { say, day } = useI18n();
  const { data } = useInfiniteQuery(pulseQuery(link));
  const checks = [...(data?.pages[0] ?? [])].reverse();
  const [first] = checks;
  if (first === undefined || checks.length < FEWEST) return null;
  const most = Math.max(1, ...checks.map(broughtBy));
  const summary = say("link.pulse", {
    count: checks.length,
    fresh: checks.reduce((sum, check) => sum + broughtBy(check), 0),
    failed: checks.filter(({ status }) => status === "failure").length,
    day: day(first.timestamp),
  });
  return (
    <figure className={styles["pulse"]}>
      <svg
        className={styles["bars"]}
        viewBox={`0 0 ${SHOWN * 6} 40`}
        preserveAspectRatio="none"
        role="img"
        aria-label={summary}
      >
        {checks.map((check, index) => {
          // The square root: after a first look with thousands a single new one still shows.
          const height = check.status === "failure" ? 40 : 4 + 36 * Math.sqrt(broughtBy(check) / most);
          return (
            <rect
              key={check.id}
              x={index * 6}
              y={40 - height}
              width={4}
              height={height}
              className={styles[toneOf(check)]}
            />
          );
        })}
      </svg>
      <figcaption className={styles["words"]} aria-hidden>
        {summary}
      </figcaption>
    </figure>
  );
}

const broughtBy = (check: Check) => check.details.new ?? 0;

function toneOf(check: Check): string {
  if (check.status === "failure") return "failed";
  return broughtBy(check) > 0 ? "fresh" : "quiet";
}
