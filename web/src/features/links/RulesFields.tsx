import { Checkbox, TextInput } from "@mantine/core";
import { useId } from "react";
import { ENTRY_KINDS } from "@/api/links";
import { useI18n, type Key } from "@/i18n";
import type { Draft, Field } from "./draft";
import styles from "./LinkForm.module.css";

export interface PartProps {
  draft: Draft;
  /** The fields that hold no number where one is asked for. */
  wrong: ReadonlySet<Field>;
  onChange: (part: Partial<Draft>) => void;
}

type TextName = { [Name in Field]: Draft[Name] extends string ? Name : never }[Field];

interface DraftFieldProps extends PartProps {
  name: TextName;
  says: Key;
  notes?: Key;
  type?: "text" | "date" | "url";
  numeric?: boolean;
  /** What is wrong with it besides. */
  fault?: string | false;
}

/** One field of the form that is typed into. */
export function DraftField({ draft, wrong, onChange, name, says, notes, fault, ...rest }: DraftFieldProps) {
  const { sayIfKnown } = useI18n();
  const { type = "text", numeric = false } = rest;
  return (
    <TextInput
      name={name}
      type={type}
      label={sayIfKnown(says)}
      description={notes && sayIfKnown(notes)}
      inputMode={numeric ? "decimal" : undefined}
      autoComplete="off"
      spellCheck={false}
      value={draft[name]}
      onChange={(event) => onChange({ [name]: event.currentTarget.value })}
      error={fault || (wrong.has(name) && sayIfKnown("link.form.noNumber"))}
    />
  );
}

/** Which of a link's entries are wanted. */
export function RulesFields(part: PartProps) {
  const { say } = useI18n();
  const { draft, onChange } = part;
  const id = useId();
  const toggle = (kind: (typeof ENTRY_KINDS)[number], on: boolean) =>
    onChange({ kinds: ENTRY_KINDS.filter((each) => (each === kind ? on : draft.kinds.includes(each))) });
  return (
    <>
      <div className={styles["pair"]}>
        <DraftField {...part} name="titleInclude" says="rules.include" notes="rules.pattern" />
        <DraftField {...part} name="titleExclude" says="rules.exclude" notes="rules.pattern" />
      </div>
      <div className={styles["group"]} role="group" aria-labelledby={id}>
        <span id={id} className={styles["label"]}>
          {say("rules.kinds")}
        </span>
        <div className={styles["checks"]}>
          {ENTRY_KINDS.map((kind) => (
            <Checkbox
              key={kind}
              label={say(`entry.kind.${kind}`)}
              checked={draft.kinds.includes(kind)}
              onChange={(event) => toggle(kind, event.currentTarget.checked)}
            />
          ))}
        </div>
      </div>
      <div className={styles["four"]}>
        <DraftField {...part} numeric name="minMinutes" says="rules.minMinutes" />
        <DraftField {...part} numeric name="maxMinutes" says="rules.maxMinutes" />
        <DraftField {...part} numeric name="minMb" says="rules.minMb" />
        <DraftField {...part} numeric name="maxMb" says="rules.maxMb" />
        <DraftField {...part} type="date" name="after" says="rules.after" />
        <DraftField {...part} type="date" name="before" says="rules.before" />
        <DraftField {...part} numeric name="maxAgeDays" says="rules.maxAge" />
        <DraftField {...part} name="languages" says="rules.languages" />
      </div>
    </>
  );
}

/** What is kept of a link's media. */
export function RetentionFields(part: PartProps) {
  const { say } = useI18n();
  return (
    <>
      <p className={styles["note"]}>{say("retention.note")}</p>
      <div className={styles["four"]}>
        <DraftField {...part} numeric name="keepLast" says="retention.last" />
        <DraftField {...part} numeric name="keepDays" says="retention.days" />
        <DraftField {...part} numeric name="keepGb" says="retention.gb" />
        <DraftField {...part} numeric name="upgradeAfterDays" says="retention.upgrade" />
      </div>
    </>
  );
}
