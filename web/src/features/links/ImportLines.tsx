import { Link as RouterLink } from "@tanstack/react-router";
import type { Imported } from "@/api/links";
import { Section } from "@/components/Screen";
import { Tag, type Tone } from "@/components/Tag";
import { useI18n } from "@/i18n";
import styles from "./ImportPage.module.css";

type Found = Imported["found"][number];

const TONES: Record<Found["status"], Tone> = {
  new: "accent",
  added: "good",
  exists: "plain",
  refused: "bad",
};

/** Every source of an import with what becomes, or became, of it; and what could not be read. */
export function ImportLines({ seen }: { seen: Imported }) {
  const { say } = useI18n();
  return (
    <>
      {seen.problems.length > 0 && (
        <Section title={say("import.problemsTitle")}>
          <ul className={styles["lines"]}>
            {seen.problems.map((problem, index) => (
              <li key={index}>
                <span className={styles["what"]}>
                  <span>{problem.message}</span>
                  {problem.text && <code className={styles["dim"]}>{problem.text}</code>}
                </span>
                {problem.line !== null && (
                  <span className={styles["dim"]}>{say("import.line", { number: problem.line })}</span>
                )}
              </li>
            ))}
          </ul>
        </Section>
      )}
      {seen.found.length > 0 && (
        <Section title={say("import.found")}>
          <ul className={styles["lines"]}>
            {seen.found.map((found, index) => (
              <FoundLine key={index} found={found} />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function FoundLine({ found }: { found: Found }) {
  const { say, sayIfKnown } = useI18n();
  const { link_id: linkId } = found;
  return (
    <li>
      <span className={styles["what"]}>
        {typeof linkId === "number" ? (
          <RouterLink to="/links/$id" params={{ id: linkId }} dir="auto">
            {found.name}
          </RouterLink>
        ) : (
          <span dir="auto">{found.name}</span>
        )}
        <span className={styles["dim"]}>{found.url}</span>
        {found.message && <span className={styles["dim"]}>{found.message}</span>}
      </span>
      <span className={styles["dim"]}>{sayIfKnown(`link.type.${found.type}`) ?? found.type}</span>
      <Tag tone={TONES[found.status]}>{say(`import.status.${found.status}`)}</Tag>
    </li>
  );
}
