import { useI18n } from "@/i18n";
import { distance, marked } from "./differences";
import styles from "./Side.module.css";

interface Facts {
  title: string;
  artists: readonly string[];
  album: string | null;
  duration: number | null;
}

interface SideProps {
  facts: Facts;
  /** The other side; what is not the same there is marked here. */
  other?: Facts | null;
  /** Why the two belong together: what the matcher calls the same in other letters is not marked. */
  reasons?: readonly string[];
  /** Says how far the lengths are apart. */
  measures?: boolean;
}

/** What one side calls a song: title, artists, album and length. */
export function Side({ facts, other = null, reasons = [], measures = false }: SideProps) {
  const same = (...codes: string[]) => other === null || codes.some((code) => reasons.includes(code));
  const artists = facts.artists.join(", ");
  return (
    <span className={styles["side"]}>
      <span className={styles["title"]} dir="auto">
        <Name name={facts.title} other={same("same_title") ? null : (other?.title ?? null)} />
      </span>
      <span className={styles["line"]}>
        {artists && (
          <span dir="auto">
            <Name
              name={artists}
              other={same("same_artist", "artist_alias") ? null : (other?.artists.join(", ") ?? null)}
            />
          </span>
        )}
        {facts.album && (
          <span dir="auto">
            <Name name={facts.album} other={same("same_album") ? null : (other?.album ?? null)} />
          </span>
        )}
        {facts.duration !== null && <Length facts={facts} other={measures ? other : null} />}
      </span>
    </span>
  );
}

function Name({ name, other }: { name: string; other: string | null }) {
  if (other === null) return name;
  return marked(name, other).map(({ text, differs }, index) =>
    differs ? (
      <mark key={index} className={styles["differs"]}>
        {text}
      </mark>
    ) : (
      text
    ),
  );
}

function Length({ facts, other }: { facts: Facts; other: Facts | null }) {
  const { say, clock } = useI18n();
  const away = other && distance(other.duration, facts.duration);
  const text = facts.duration === null ? "" : clock(facts.duration);
  if (!away || away.grade === "same") return <span className={styles["length"]}>{text}</span>;
  const words = say(away.seconds > 0 ? "review.longer" : "review.shorter", {
    count: Math.abs(away.seconds),
  });
  return (
    <span className={styles["length"]}>
      {text} <span className={styles[away.grade]}>{words}</span>
    </span>
  );
}
