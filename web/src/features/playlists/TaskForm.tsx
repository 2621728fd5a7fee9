import { Button, Checkbox, TextInput } from "@mantine/core";
import { useState, type FormEvent, type ReactNode } from "react";
import type { Mode, Task } from "@/api/tasks";
import { Card } from "@/components/Card";
import { ChoiceField } from "@/components/ChoiceField";
import { Fold } from "@/components/Fold";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { isNumber, keepDraft, readDraft, type Draft } from "./draft";
import { ScheduleFields } from "./ScheduleFields";
import { SourceField } from "./SourceField";
import { TargetsField } from "./TargetsField";
import styles from "./TaskForm.module.css";

interface TaskFormProps {
  /** What the draft is kept under while it is typed. */
  draftKey: string;
  first: Draft;
  task?: Task;
  busy: boolean;
  error: unknown;
  submit: string;
  cancel: ReactNode;
  onSubmit: (draft: Draft, file: File | null) => void;
}

const MODES: readonly Mode[] = ["mirror", "append"];

/** Adds a task or changes one. What is typed stays through errors, a reload, and the login after an ended session. */
export function TaskForm(props: TaskFormProps) {
  const { draftKey, first, task, busy, error, submit, cancel, onSubmit } = props;
  const { say } = useI18n();
  const [kept] = useState(() => readDraft(draftKey));
  const [draft, setDraft] = useState<Draft>(kept ?? first);
  const [isKept, setIsKept] = useState(kept !== null);
  const [file, setFile] = useState<File | null>(null);
  const [tried, setTried] = useState(false);
  const faults = faultsOf(draft, file, task === undefined);

  const change = (part: Partial<Draft>) =>
    setDraft((old) => {
      const next = { ...old, ...part };
      keepDraft(draftKey, next);
      return next;
    });
  const startOver = () => {
    keepDraft(draftKey, null);
    setDraft(first);
    setIsKept(false);
  };
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    const [fault] = faults;
    if (fault === undefined) onSubmit(draft, file);
    else revealed(event.currentTarget, fault)?.focus();
  };
  const wrong = (name: Fault) => tried && faults.includes(name);
  const noSource = draft.from === "file" ? "file" : "text";
  return (
    <form className={forms.form} onSubmit={send} noValidate>
      {isKept && (
        <div className={styles["kept"]} role="status">
          <span>{say("link.form.kept")}</span>
          <Button size="xs" variant="default" onClick={startOver}>
            {say("link.form.startOver")}
          </Button>
        </div>
      )}
      <Card>
        <div className={forms.form}>
          <SourceField
            draft={draft}
            mayChoose={task === undefined}
            fault={wrong(noSource) && say(noSource === "file" ? "task.form.noFile" : "task.form.noText")}
            onChange={change}
            onFile={setFile}
          />
          <TargetsField
            targets={draft.targets}
            kept={keptOf(task)}
            fault={wrong("target") && say("task.form.noTarget")}
            onChange={(targets) => change({ targets })}
          />
          <TextInput
            label={say("task.form.name")}
            description={say("task.form.nameNote")}
            maxLength={300}
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <ScheduleFields cron={draft.cron} zone={draft.zone} onChange={change} />
          {task !== undefined && (
            <Checkbox
              label={say("task.form.enabled")}
              checked={draft.enabled}
              onChange={(event) => change({ enabled: event.currentTarget.checked })}
            />
          )}
          <ChoiceField
            label={say("task.form.mode")}
            value={draft.mode}
            options={MODES.map((each) => [each, say(`task.mode.${each}`)] as const)}
            onChange={(mode) => change({ mode })}
          />
          <Checkbox
            label={say("task.form.fetch")}
            description={say("task.form.fetchNote")}
            checked={draft.fetchMissing}
            onChange={(event) => change({ fetchMissing: event.currentTarget.checked })}
          />
        </div>
      </Card>
      <Fold title={say("task.form.carry")} note={say("task.form.carryNote")}>
        {(["keepTitle", "keepDescription", "keepCover"] as const).map((each) => (
          <Checkbox
            key={each}
            label={say(`task.form.${each}`)}
            checked={draft[each]}
            onChange={(event) => change({ [each]: event.currentTarget.checked })}
          />
        ))}
      </Fold>
      {draft.mode === "mirror" && <Guard draft={draft} wrong={wrong("removals")} onChange={change} />}
      {error !== null && error !== undefined && <ErrorNote error={error} />}
      <div className={forms.answers}>
        {cancel}
        <Button type="submit" loading={busy}>
          {submit}
        </Button>
      </div>
    </form>
  );
}

interface GuardProps {
  draft: Draft;
  wrong: boolean;
  onChange: (part: Partial<Draft>) => void;
}

/** How much may go at once before somebody is asked. */
function Guard({ draft, wrong, onChange }: GuardProps) {
  const { say } = useI18n();
  const typed = draft.removals.trim();
  const note =
    typed !== "" && isNumber(typed)
      ? say("task.form.guardSet", { count: Number(typed) })
      : say("task.form.guardUsual");
  return (
    <Fold title={say("task.form.guard")} note={note} open={typed !== ""}>
      <TextInput
        name="removals"
        inputMode="numeric"
        label={say("task.form.removals")}
        description={say("task.form.removalsNote")}
        error={wrong && say("task.form.removalsWrong")}
        value={draft.removals}
        onChange={(event) => onChange({ removals: event.currentTarget.value })}
      />
    </Fold>
  );
}

type Fault = "text" | "file" | "target" | "removals";

/** What is missing or wrong, in the order of the form. */
function faultsOf(draft: Draft, file: File | null, isNew: boolean): Fault[] {
  const faults: Fault[] = [];
  if (draft.from === "link" && draft.text.trim() === "") faults.push("text");
  if (draft.from === "file" && isNew && file === null) faults.push("file");
  if (draft.targets.length === 0) faults.push("target");
  if (!isNumber(draft.removals)) faults.push("removals");
  return faults;
}

const keptOf = (task: Task | undefined): ReadonlyMap<number, string> =>
  new Map(task?.targets.flatMap((each) => (each.playlist_id ? [[each.server_id, each.playlist_id]] : [])));

/** The field of a name, with the fold around it open. */
function revealed(form: HTMLFormElement, name: string): HTMLElement | null {
  const field = form.querySelector<HTMLElement>(`[name="${name}"]`);
  const fold = field?.closest("details");
  if (fold) fold.open = true;
  return field;
}
