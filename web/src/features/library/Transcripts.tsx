import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Item } from "@/api/items";
import {
  isBeingMade,
  transcriptsQuery,
  useBeginTranscript,
  useRemoveTranscript,
  type Transcript,
} from "@/api/transcripts";
import { Card } from "@/components/Card";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { IconEdit, IconTrash, IconX } from "@/components/icons";
import { ProgressBar } from "@/components/ProgressBar";
import { Section } from "@/components/Screen";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import styles from "./ItemPage.module.css";

/** The recogniser that ships with Magpie. */
const EMBEDDED = "pocketsphinx";

/** What is said in an item, written down as subtitles by the server when somebody asks for it. */
export function Transcripts({ item }: { item: Item }) {
  const { say } = useI18n();
  const { complain } = useToasts();
  const { data, error, refetch } = useQuery(transcriptsQuery(item.id));
  const begin = useBeginTranscript(item.id);
  const transcripts = data?.transcripts ?? [];
  const aside = data && !transcripts.some(isBeingMade) && (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconEdit size={14} aria-hidden />}
      loading={begin.isPending}
      onClick={() => begin.mutate(undefined, { onError: complain })}
    >
      {say(transcripts.length > 0 ? "transcript.again" : "transcript.begin")}
    </Button>
  );
  return (
    <Section title={say("transcript.title")} aside={aside}>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data && transcripts.length === 0 && (
        <p className={styles["fileAbout"]}>
          {say(data.provider === EMBEDDED ? "transcript.noneDraft" : "transcript.none")}
        </p>
      )}
      {transcripts.length > 0 && (
        <Card>
          <ul className={styles["files"]}>
            {transcripts.map((one) => (
              <Line key={one.id} item={item} transcript={one} />
            ))}
          </ul>
        </Card>
      )}
    </Section>
  );
}

function Line({ item, transcript }: { item: Item; transcript: Transcript }) {
  const { say, moment } = useI18n();
  const { status, progress, error_code, error_message, next_attempt_at, provider, completed_at } = transcript;
  const state = say(`transcript.state.${status}`);
  const facts = [useLanguageName(transcript.language), provider, completed_at && moment(completed_at)];
  return (
    <li className={styles["file"]}>
      <div className={styles["fileName"]} aria-live="polite">
        {state}
        <p className={styles["fileAbout"]}>{facts.filter(Boolean).join(" · ")}</p>
        {status === "running" && <ProgressBar share={progress} label={state} />}
        {error_code && status !== "running" && <Why code={error_code} message={error_message} />}
        {next_attempt_at && (
          <p className={styles["fileAbout"]}>{say("transcript.later", { when: moment(next_attempt_at) })}</p>
        )}
      </div>
      <Remove item={item} transcript={transcript} />
    </li>
  );
}

function Why({ code, message }: { code: string; message: string | null }) {
  const { sayIfKnown } = useI18n();
  return (
    <p className={styles["fileAbout"]} title={message ?? undefined}>
      {sayIfKnown(`transcript.why.${code}`) ?? message}
    </p>
  );
}

function useLanguageName(tag: string | null): string | null {
  const { language } = useI18n();
  if (tag === null) return null;
  try {
    return new Intl.DisplayNames([language], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Stops at once what is being made; asks before a file goes. */
function Remove({ item, transcript }: { item: Item; transcript: Transcript }) {
  const { say } = useI18n();
  const { complain } = useToasts();
  const [asking, setAsking] = useState(false);
  const remove = useRemoveTranscript(item.id);
  const isMade = isBeingMade(transcript);
  const go = () => remove.mutate(transcript.id, { onError: complain });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={isMade ? <IconX size={16} aria-hidden /> : <IconTrash size={16} aria-hidden />}
        loading={remove.isPending}
        onClick={transcript.file_id === null ? go : () => setAsking(true)}
      >
        {say(isMade ? "transcript.stop" : "transcript.delete")}
      </Button>
      {asking && (
        <ConfirmDialog
          title={say("transcript.deleteTitle")}
          text={say("transcript.deleteText")}
          keep={say("transcript.keep")}
          go={say("transcript.delete")}
          busy={remove.isPending}
          error={null}
          onClose={() => setAsking(false)}
          onGo={go}
        />
      )}
    </>
  );
}
