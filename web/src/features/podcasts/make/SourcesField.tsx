import { ActionIcon, Button, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId, useRef, useState, type DragEvent } from "react";
import { itemQuery } from "@/api/items";
import { episodeQuery } from "@/api/podcasts";
import { forms } from "@/components/Form";
import {
  IconFile,
  IconLibrary,
  IconLink,
  IconPlus,
  IconPodcast,
  IconScript,
  IconUpload,
  IconX,
} from "@/components/icons";
import { useI18n } from "@/i18n";
import { readEntry, withSources, type Draft, type SourceDraft } from "./draft";
import styles from "./Make.module.css";
import { PickItems } from "./PickItems";

/** What the server reads: documents, and recordings. */
const ACCEPTED =
  ".txt,.md,.markdown,.html,.htm,.pdf,.docx,.epub,.vtt,.srt,.mp3,.m4a,.m4b,.wav,.flac,.ogg,.oga,.opus,.webm,.mp4,.mkv,.mov,audio/*,video/*";
const MAX_FILES = 20;

interface SourcesFieldProps {
  draft: Draft;
  files: readonly File[];
  fault: string | false;
  onChange: (part: Partial<Draft>) => void;
  onFiles: (files: readonly File[]) => void;
}

/** What the episode is to be made of: a text, addresses, files, things of the library; several together. */
export function SourcesField({ draft, files, fault, onChange, onFiles }: SourcesFieldProps) {
  const { say, bytes } = useI18n();
  const [picking, setPicking] = useState(false);
  const [over, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);
  const chooserId = useId();
  const entry = readEntry(draft.entry);

  const addFiles = (more: FileList | null) => {
    const fresh = [...(more ?? [])].filter(
      (file) => !files.some(({ name, size }) => name === file.name && size === file.size),
    );
    onFiles([...files, ...fresh].slice(0, MAX_FILES));
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    addFiles(event.dataTransfer.files);
  };
  const remove = (source: SourceDraft) => onChange({ added: draft.added.filter((each) => each !== source) });
  return (
    <div
      className={`${forms.form} ${over ? styles["over"] : ""}`}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <Textarea
        autosize
        minRows={4}
        maxRows={14}
        name="sources"
        label={say("podcasts.new.text")}
        description={say("podcasts.new.textNote")}
        placeholder={say("podcasts.new.textPlaceholder")}
        error={fault}
        value={draft.entry}
        onChange={(event) => onChange({ entry: event.currentTarget.value })}
      />
      <p className={styles["reading"]} aria-live="polite">
        {entry[0]?.kind === "url" && say("podcasts.new.isLinks", { count: entry.length })}
        {entry[0]?.kind === "text" && say("podcasts.new.isText", { count: wordCount(entry[0].text) })}
      </p>
      <div className={styles["ways"]}>
        <label className={styles["choose"]} htmlFor={chooserId}>
          <IconUpload size={16} aria-hidden />
          {say("podcasts.new.files")}
          <input
            ref={chooser}
            id={chooserId}
            type="file"
            multiple
            accept={ACCEPTED}
            className={styles["chooser"]}
            onChange={(event) => {
              addFiles(event.currentTarget.files);
              event.currentTarget.value = "";
            }}
          />
        </label>
        <Button
          size="sm"
          variant="default"
          leftSection={<IconLibrary size={16} aria-hidden />}
          onClick={() => setPicking(true)}
        >
          {say("podcasts.new.items")}
        </Button>
        {entry.length > 0 && (
          <Button
            size="sm"
            variant="subtle"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => onChange({ added: withSources(draft, entry).added, entry: "" })}
          >
            {say("podcasts.new.another")}
          </Button>
        )}
      </div>
      {draft.added.length + files.length > 0 && (
        <ul className={styles["sources"]} aria-label={say("podcasts.new.list")}>
          {draft.added.map((source, at) => (
            <SourceLine key={at} source={source} onRemove={() => remove(source)} />
          ))}
          {files.map((file) => (
            <Line
              key={`${file.name} ${file.size}`}
              icon={IconFile}
              title={file.name}
              note={bytes(file.size)}
              onRemove={() => onFiles(files.filter((each) => each !== file))}
            />
          ))}
        </ul>
      )}
      {picking && (
        <PickItems
          onClose={() => setPicking(false)}
          onPick={(ids) => {
            onChange({
              added: withSources(
                draft,
                ids.map((id) => ({ kind: "item", id })),
              ).added,
            });
            setPicking(false);
          }}
        />
      )}
    </div>
  );
}

const wordCount = (text: string) =>
  (text.match(/[\u3040-\u30ff\u3400-\u9fff]/g)?.length ?? 0) +
  text
    .replaceAll(/[\u3040-\u30ff\u3400-\u9fff]/g, " ")
    .split(/\s+/)
    .filter(Boolean).length;

function SourceLine({ source, onRemove }: { source: SourceDraft; onRemove: () => void }) {
  const { say } = useI18n();
  if (source.kind === "item") return <ItemLine id={source.id} onRemove={onRemove} />;
  if (source.kind === "episode") return <EpisodeLine id={source.id} onRemove={onRemove} />;
  if (source.kind === "url") return <Line icon={IconLink} title={source.url} onRemove={onRemove} />;
  return (
    <Line
      icon={IconScript}
      title={source.text.slice(0, 120)}
      note={say("podcasts.words", { count: wordCount(source.text) })}
      onRemove={onRemove}
    />
  );
}

function ItemLine({ id, onRemove }: { id: number; onRemove: () => void }) {
  const { say } = useI18n();
  const { data, error } = useQuery(itemQuery(id));
  const title = data?.title ?? say(error ? "item.gone" : "app.loading");
  return <Line icon={IconLibrary} title={title} onRemove={onRemove} />;
}

function EpisodeLine({ id, onRemove }: { id: string; onRemove: () => void }) {
  const { say } = useI18n();
  const { data } = useQuery(episodeQuery(id));
  return <Line icon={IconPodcast} title={data?.title ?? say("app.loading")} onRemove={onRemove} />;
}

interface LineProps {
  icon: typeof IconFile;
  title: string;
  note?: string;
  onRemove: () => void;
}

function Line({ icon: Icon, title, note, onRemove }: LineProps) {
  const { say } = useI18n();
  return (
    <li className={styles["source"]}>
      <Icon size={18} aria-hidden />
      <span className={styles["sourceTitle"]} dir="auto">
        {title}
      </span>
      {note && <span className={styles["dim"]}>{note}</span>}
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={say("podcasts.new.remove", { title })}
        onClick={onRemove}
      >
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </li>
  );
}
