import { Button, Checkbox, Input, Textarea, TextInput } from "@mantine/core";
import { Link as RouterLink } from "@tanstack/react-router";
import { useId, useState, type DragEvent, type FormEvent } from "react";
import { useImportLinks, type Imported } from "@/api/links";
import { Card } from "@/components/Card";
import { forms } from "@/components/Form";
import { IconUpload } from "@/components/icons";
import { backLink, Screen } from "@/components/Screen";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { ImportLines, keysOfNew } from "./ImportLines";
import styles from "./ImportPage.module.css";

/** As the server's bound. */
const MAX_BYTES = 20_000_000;
const NONE: ReadonlySet<string> = new Set();

/** Follows what another program followed: choose, look, import. */
export default function ImportPage() {
  const { say } = useI18n();
  const look = useImportLinks();
  const bring = useImportLinks();
  const [file, setFile] = useState<File | null>(null);
  const [text, setText] = useState("");
  const [tags, setTags] = useState("");
  const [automatic, setAutomatic] = useState(true);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(NONE);

  const source = file ?? (text.trim() === "" ? null : new File([text], "pasted.txt", { type: "text/plain" }));
  const wish = (dryRun: boolean) => ({ dryRun, tags, automatic });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!source) return;
    look.mutate({ file: source, ...wish(true) }, { onSuccess: ({ found }) => setChosen(keysOfNew(found)) });
  };
  const startOver = () => {
    look.reset();
    bring.reset();
  };
  const seen = bring.data ?? look.data;
  return (
    <Screen
      title={say("import.title")}
      back={<RouterLink to="/links" search={{}} {...backLink(say("follow.links"))} />}
    >
      {!seen && (
        <form className={forms.form} onSubmit={submit}>
          <p className={forms.note}>{say("import.note")}</p>
          <Source file={file} text={text} onFile={setFile} onText={setText} />
          <div className={styles["pair"]}>
            <TextInput
              label={say("link.form.tags")}
              description={say("import.tagsNote")}
              value={tags}
              onChange={(event) => setTags(event.currentTarget.value)}
            />
            <Checkbox
              label={say("link.form.automatic")}
              description={say("link.form.automaticNote")}
              checked={automatic}
              onChange={(event) => setAutomatic(event.currentTarget.checked)}
            />
          </div>
          {look.error && <ErrorNote error={look.error} />}
          <div className={forms.answersLeft}>
            <Button type="submit" disabled={source === null} loading={look.isPending}>
              {say("import.look")}
            </Button>
          </div>
        </form>
      )}
      {seen && (
        <>
          <Summary seen={seen} />
          {bring.error && <ErrorNote error={bring.error} />}
          <div className={forms.answersLeft}>
            {seen.dry_run && (
              <Button
                disabled={chosen.size === 0 && seen.archived === 0}
                loading={bring.isPending}
                onClick={() => source && bring.mutate({ file: source, ...wish(false), only: chosen })}
              >
                {chosen.size === 0 && seen.archived > 0
                  ? say("import.goArchive")
                  : say("import.go", { count: chosen.size })}
              </Button>
            )}
            <Button variant="default" onClick={startOver}>
              {say(seen.dry_run ? "import.back" : "import.another")}
            </Button>
            {!seen.dry_run && (
              <Button renderRoot={(props) => <RouterLink to="/links" search={{}} {...props} />}>
                {say("import.toLinks")}
              </Button>
            )}
          </div>
          <ImportLines seen={seen} chosen={chosen} onChoose={setChosen} />
        </>
      )}
    </Screen>
  );
}

function Summary({ seen }: { seen: Imported }) {
  const { say } = useI18n();
  const count = (status: string) => seen.found.filter((each) => each.status === status).length;
  const parts = [
    say(`import.kind.${seen.kind}`),
    seen.dry_run ? say("import.new", { count: count("new") }) : say("import.added", { count: seen.added }),
    count("exists") > 0 && say("import.exists", { count: count("exists") }),
    count("left_out") > 0 && say("import.leftOut", { count: count("left_out") }),
    count("refused") > 0 && say("import.refused", { count: count("refused") }),
    seen.archived > 0 && say("import.archived", { count: seen.archived }),
    seen.problems.length > 0 && say("import.problems", { count: seen.problems.length }),
  ].filter((part) => part !== false);
  return (
    <Card>
      <p role="status">
        <strong>{say(seen.dry_run ? "import.preview" : "import.result")}</strong> {parts.join(" · ")}
      </p>
    </Card>
  );
}

interface SourceProps {
  file: File | null;
  text: string;
  onFile: (file: File | null) => void;
  onText: (text: string) => void;
}

/** A file that is chosen or dropped, or a pasted text. */
function Source({ file, text, onFile, onText }: SourceProps) {
  const { say, bytes } = useI18n();
  const [over, setOver] = useState(false);
  const [tooLarge, setTooLarge] = useState(false);
  const id = useId();
  const take = (chosen: File | undefined) => {
    const large = chosen !== undefined && chosen.size > MAX_BYTES;
    setTooLarge(large);
    onFile(large ? null : (chosen ?? null));
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files[0]);
  };
  return (
    <>
      <div
        className={`${styles["drop"]} ${over ? styles["over"] : ""}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <IconUpload size={24} aria-hidden />
        <Input.Wrapper
          label={say("import.file")}
          labelProps={{ htmlFor: id }}
          description={say("import.drop")}
        >
          <input
            id={id}
            className={forms.file}
            type="file"
            accept=".opml,.xml,.csv,.json,.txt,text/*,application/json"
            onChange={(event) => take(event.currentTarget.files?.[0])}
          />
        </Input.Wrapper>
        {file && <p role="status">{`${file.name} · ${bytes(file.size)}`}</p>}
      </div>
      {tooLarge && <ErrorNote error={say("import.tooLarge")} />}
      <Textarea
        label={say("import.text")}
        description={say("import.textNote")}
        rows={6}
        spellCheck={false}
        autoCapitalize="none"
        autoComplete="off"
        disabled={file !== null}
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
      />
    </>
  );
}
