import { Loader, SegmentedControl, Textarea } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { recognisedQuery, type Recognised } from "@/api/tasks";
import { forms } from "@/components/Form";
import { IconAlert, IconCheck } from "@/components/icons";
import { useI18n } from "@/i18n";
import type { Draft } from "./draft";
import styles from "./TaskForm.module.css";
import { usePlatform } from "./words";

/** A pasted text is looked at at once, a typed one when the typing rests. */
const REST_MS = 350;
const MAX_TEXT = 8192;

interface SourceFieldProps {
  draft: Draft;
  /** Says what is wrong with what is there, once it was tried. */
  fault: string | false;
  /** Whether another kind of source may be chosen: not for a task that is there already. */
  mayChoose: boolean;
  onChange: (part: Partial<Draft>) => void;
  onFile: (file: File | null) => void;
}

/** Where the songs come from: a pasted text, or a file. */
export function SourceField({ draft, fault, mayChoose, onChange, onFile }: SourceFieldProps) {
  const { say } = useI18n();
  return (
    <>
      {mayChoose && (
        <SegmentedControl
          className={styles["ways"] ?? ""}
          aria-label={say("task.form.from")}
          value={draft.from}
          onChange={(from) => onChange({ from: from })}
          data={(["link", "file"] as const).map((each) => ({
            value: each,
            label: say(`task.form.${each}`),
          }))}
        />
      )}
      {draft.from === "link" ? (
        <TextSource text={draft.text} fault={fault} onChange={(text) => onChange({ text })} />
      ) : (
        mayChoose && <FileSource label={say("task.form.fileChoose")} fault={fault} onFile={onFile} />
      )}
    </>
  );
}

interface TextSourceProps {
  text: string;
  fault: string | false;
  onChange: (text: string) => void;
}

function TextSource({ text, fault, onChange }: TextSourceProps) {
  const { say } = useI18n();
  const [pasted, setPasted] = useState(text);
  const [rested] = useDebouncedValue(text, REST_MS);
  const asked = pasted === text ? text : rested;
  return (
    <div className={styles["source"]}>
      <Textarea
        autosize
        minRows={2}
        maxRows={8}
        name="text"
        label={say("task.form.text")}
        description={say("task.form.textNote")}
        placeholder={say("task.form.textPlaceholder")}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        maxLength={MAX_TEXT}
        error={fault}
        value={text}
        onChange={(event) => onChange(event.currentTarget.value)}
        onPaste={(event) => {
          // The field's value after the paste, which comes with the change that follows.
          const { value, selectionStart, selectionEnd } = event.currentTarget;
          const added = event.clipboardData.getData("text");
          setPasted(value.slice(0, selectionStart) + added + value.slice(selectionEnd));
        }}
      />
      <div aria-live="polite">{asked.trim() !== "" && <WhatItIs text={asked.trim()} />}</div>
    </div>
  );
}

/** What a text is about, in one line. */
function WhatItIs({ text }: { text: string }) {
  const { say } = useI18n();
  const { data } = useQuery(recognisedQuery(text.slice(0, MAX_TEXT)));
  const words = useRecognised();
  if (data === undefined) {
    return (
      <p className={styles["what"]}>
        <Loader size={16} aria-hidden />
        {say("task.form.looking")}
      </p>
    );
  }
  const good = data.platform !== null && (data.lacks ?? []).length === 0;
  const Icon = good ? IconCheck : IconAlert;
  return (
    <p className={`${styles["what"]} ${styles[good ? "good" : "warn"]}`}>
      <Icon size={16} aria-hidden />
      <span>{words(data)}</span>
    </p>
  );
}

function useRecognised(): (found: Recognised) => string {
  const { say } = useI18n();
  const platformOf = usePlatform();
  return (found) => {
    if (!found.platform) return say("task.form.isNothing");
    const platform = platformOf(found.platform);
    const lacks = found.lacks ?? [];
    if (lacks.length > 0) return say("task.form.lacks", { platform, settings: lacks.join(", ") });
    if (found.is_short) return say("task.form.isShort", { platform });
    return say("task.form.is", { platform, id: found.playlist_id ?? "" });
  };
}

interface FileSourceProps {
  label: string;
  fault?: string | false;
  onFile: (file: File | null) => void;
}

/** A playlist that another program has written. */
export function FileSource({ label, fault = false, onFile }: FileSourceProps) {
  const { say } = useI18n();
  const id = useId();
  return (
    <div className={styles["source"]}>
      <label htmlFor={id} className={styles["label"]}>
        {label}
      </label>
      <input
        id={id}
        type="file"
        name="file"
        className={forms.file}
        accept=".m3u,.m3u8,.csv,.txt,.jspf,.json,.xspf,.xml"
        aria-describedby={`${id}-note`}
        aria-invalid={fault !== false}
        onChange={(event) => onFile(event.currentTarget.files?.[0] ?? null)}
      />
      <p id={`${id}-note`} className={fault ? styles["fault"] : forms.note}>
        {fault || say("task.form.fileNote")}
      </p>
    </div>
  );
}
