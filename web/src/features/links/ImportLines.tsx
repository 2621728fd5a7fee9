import { Link as RouterLink } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Imported } from "@/api/links";
import { LongList } from "@/components/LongList";
import { Section } from "@/components/Screen";
import { Tag, type Tone } from "@/components/Tag";
import { useI18n } from "@/i18n";
import styles from "./ImportPage.module.css";

type Found = Imported["found"][number];
type Problem = Imported["problems"][number];

const TONES: Record<Found["status"], Tone> = {
  new: "accent",
  added: "good",
  exists: "plain",
  left_out: "plain",
  refused: "bad",
};

interface ImportLinesProps {
  seen: Imported;
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}

/** Every source of an import with what becomes, or became, of it; and what could not be read. */
export function ImportLines({ seen, chosen, onChoose }: ImportLinesProps) {
  const { say } = useI18n();
  const choose = (key: string, wanted: boolean) => {
    const next = new Set(chosen);
    if (wanted) next.add(key);
    else next.delete(key);
    onChoose(next);
  };
  return (
    <>
      {seen.problems.length > 0 && (
        <Section title={say("import.problemsTitle")}>
          <ul className={styles["lines"]}>
            {seen.problems.map((problem, index) => (
              <ProblemLine key={index} problem={problem} />
            ))}
          </ul>
        </Section>
      )}
      {seen.found.length > 0 && (
        <Section title={say("import.found")}>
          {seen.dry_run && <ChooseAll found={seen.found} chosen={chosen} onChoose={onChoose} />}
          <LongList
            label={say("import.found")}
            entries={seen.found}
            keyOf={({ url }) => url}
            height={59}
            className={styles["long"]}
          >
            {(found) =>
              seen.dry_run && found.status === "new" ? (
                <label className={`${styles["line"]} ${styles["choosable"]}`}>
                  <input
                    type="checkbox"
                    checked={chosen.has(found.key)}
                    onChange={(event) => choose(found.key, event.currentTarget.checked)}
                  />
                  <FoundLine found={found} />
                </label>
              ) : (
                <div className={styles["line"]}>
                  {seen.dry_run && <span className={styles["noBox"]} />}
                  <FoundLine found={found} />
                </div>
              )
            }
          </LongList>
        </Section>
      )}
    </>
  );
}

interface ChooseAllProps {
  found: readonly Found[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}

/** One box for all that can be chosen, and how many are. */
function ChooseAll({ found, chosen, onChoose }: ChooseAllProps) {
  const { say } = useI18n();
  const all = useMemo(() => keysOfNew(found), [found]);
  if (all.size === 0) return null;
  return (
    <div className={styles["all"]}>
      <label className={styles["choose"]}>
        <input
          type="checkbox"
          checked={chosen.size === all.size}
          ref={(box) => {
            if (box) box.indeterminate = chosen.size > 0 && chosen.size < all.size;
          }}
          onChange={() => onChoose(chosen.size === all.size ? new Set() : all)}
        />
        {say("import.chooseAll")}
      </label>
      <span role="status" className={styles["dim"]}>
        {say("import.chosen", { chosen: chosen.size, count: all.size })}
      </span>
    </div>
  );
}

/** What an import would bring that is not followed yet. */
export function keysOfNew(found: readonly Found[]): ReadonlySet<string> {
  return new Set(found.filter(({ status }) => status === "new").map(({ key }) => key));
}

function ProblemLine({ problem }: { problem: Problem }) {
  const { say } = useI18n();
  return (
    <li className={styles["line"]}>
      <span className={styles["what"]}>
        <span>{say(`import.trouble.${problem.reason}`)}</span>
        {problem.text && <code className={styles["dim"]}>{problem.text}</code>}
      </span>
      {problem.line !== null && (
        <span className={styles["dim"]}>{say("import.line", { number: problem.line })}</span>
      )}
    </li>
  );
}

function FoundLine({ found }: { found: Found }) {
  const { say, sayIfKnown, language } = useI18n();
  const { link_id: linkId } = found;
  return (
    <span className={styles["told"]}>
      <span className={styles["what"]}>
        {typeof linkId === "number" ? (
          <RouterLink to="/links/$id" params={{ id: linkId }} dir="auto">
            {found.name}
          </RouterLink>
        ) : (
          <span dir="auto">{found.name}</span>
        )}
        <span className={`${styles["dim"]} ${styles["address"]}`} title={found.url}>
          {found.url}
        </span>
        {found.message && language === "en" && <span className={styles["dim"]}>{found.message}</span>}
      </span>
      <span className={styles["marks"]}>
        {sayIfKnown(`link.type.${found.type}`) ?? found.type}
        <Tag tone={TONES[found.status]}>{say(`import.status.${found.status}`)}</Tag>
      </span>
    </span>
  );
}
