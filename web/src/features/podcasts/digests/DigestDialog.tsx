import { Button, Checkbox, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useAddDigest, useSaveDigest, type Digest } from "@/api/digests";
import { linksQuery } from "@/api/links";
import { nextRunsQuery } from "@/api/tasks";
import { templatesQuery } from "@/api/templates";
import { ChoiceField } from "@/components/ChoiceField";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { ownZone, zones } from "@/features/playlists/schedule";
import { useI18n } from "@/i18n";
import { LanguageField } from "../LanguageField";
import styles from "../make/Make.module.css";
import { useTemplateWords } from "../templates/words";
import {
  digestDraft,
  digestFaults,
  digestOf,
  emptyDigest,
  WEEKLY,
  type DigestDraft,
  type DigestFault,
} from "./draft";

const PRESETS = {
  weekly: WEEKLY,
  weekdays: "0 6 * * 1-5",
  daily: "0 6 * * *",
  monthly: "0 6 1 * *",
} as const;
type Preset = keyof typeof PRESETS;
const presetOf = (cron: string): Preset | "own" =>
  (Object.keys(PRESETS) as Preset[]).find((each) => PRESETS[each] === cron.trim()) ?? "own";

interface DigestDialogProps {
  digest?: Digest;
  /** A followed link that a new digest begins with. */
  link?: number;
  onClose: () => void;
}

/** Where a digest looks, when, and how it tells of it. */
export function DigestDialog({ digest, link, onClose }: DigestDialogProps) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const wordsOf = useTemplateWords();
  const [draft, setDraft] = useState<DigestDraft>(() => (digest ? digestDraft(digest) : emptyDigest(link)));
  const [tried, setTried] = useState(false);
  const { data: templates } = useQuery(templatesQuery);
  const add = useAddDigest();
  const save = useSaveDigest(digest?.id ?? 0);
  const { error, isPending } = digest ? save : add;
  const faults = digestFaults(draft);
  const wrong = (name: DigestFault) => tried && faults.includes(name);
  const change = (part: Partial<DigestDraft>) => setDraft((old) => ({ ...old, ...part }));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (faults.length > 0) {
      event.currentTarget.querySelector<HTMLElement>(`[name="${faults[0]}"]`)?.focus();
      return;
    }
    const done = {
      onSuccess: () => {
        tell(say("podcasts.templates.saved", { title: draft.name.trim() }));
        onClose();
      },
    };
    const wanted = digestOf(draft, digest?.wishes);
    if (digest) save.mutate(wanted, done);
    else add.mutate(wanted, done);
  };
  return (
    <Dialog title={say(digest ? "podcasts.digests.edit" : "podcasts.digests.add")} wide onClose={onClose}>
      <form className={forms.form} onSubmit={submit} noValidate>
        <TextInput
          name="name"
          data-autofocus
          label={say("podcasts.templates.name")}
          maxLength={200}
          error={wrong("name") && say("podcasts.digests.noName")}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <LinksField chosen={draft.links} onChange={(links) => change({ links })} />
        <Textarea
          autosize
          minRows={2}
          maxRows={8}
          name="places"
          label={say("podcasts.digests.feedUrls")}
          description={say("podcasts.digests.feedUrlsNote")}
          placeholder={"https://…"}
          error={wrong("places") && say("podcasts.digests.noPlaces")}
          autoCapitalize="none"
          spellCheck={false}
          value={draft.feeds}
          onChange={(event) => change({ feeds: event.currentTarget.value })}
        />
        <Schedule draft={draft} wrong={wrong("cron")} onChange={change} />
        <div className={styles["pair"]}>
          <TextInput
            name="entries"
            inputMode="numeric"
            label={say("podcasts.digests.entries")}
            error={wrong("entries") && say("podcasts.digests.entriesWrong")}
            value={draft.entries}
            onChange={(event) => change({ entries: event.currentTarget.value })}
          />
          <ChoiceField
            label={say("podcasts.made.template")}
            value={draft.template}
            options={[
              ["", say("podcasts.music.none")],
              ...(templates ?? []).map((each) => [each.id, wordsOf(each).title] as const),
            ]}
            onChange={(template) => change({ template })}
          />
          <TextInput
            name="minutes"
            inputMode="decimal"
            label={say("podcasts.new.minutes")}
            placeholder={say("podcasts.new.minutesAny")}
            error={wrong("minutes") && say("podcasts.new.minutesWrong")}
            value={draft.minutes}
            onChange={(event) => change({ minutes: event.currentTarget.value })}
          />
          <LanguageField
            label={say("podcasts.new.language")}
            value={draft.language}
            onChange={(language) => change({ language })}
          />
        </div>
        <Checkbox
          label={say("podcasts.digests.transcribe")}
          description={say("podcasts.digests.transcribeNote")}
          checked={draft.transcribe}
          onChange={(event) => change({ transcribe: event.currentTarget.checked })}
        />
        <Checkbox
          label={say("podcasts.new.approve")}
          checked={draft.approve}
          onChange={(event) => change({ approve: event.currentTarget.checked })}
        />
        {digest && (
          <Checkbox
            label={say("podcasts.digests.enabled")}
            checked={draft.enabled}
            onChange={(event) => change({ enabled: event.currentTarget.checked })}
          />
        )}
        {error && <ErrorNote error={error} />}
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose}>
            {say("form.cancel")}
          </Button>
          <Button type="submit" loading={isPending}>
            {say("form.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface LinksFieldProps {
  chosen: readonly number[];
  onChange: (links: readonly number[]) => void;
}

/** Which of the followed links it looks at. */
function LinksField({ chosen, onChange }: LinksFieldProps) {
  const { say } = useI18n();
  const { data } = useQuery(linksQuery({ sort: "name" }, 1, 200));
  const links = data?.links ?? [];
  return (
    <fieldset className={forms.group}>
      <legend>{say("podcasts.digests.followed")}</legend>
      {links.length === 0 && <p className={forms.note}>{say("podcasts.digests.noLinks")}</p>}
      {links.length > 0 && (
        <ul className={`${styles["picks"]} ${styles["few"]}`} aria-label={say("podcasts.digests.followed")}>
          {links.map(({ id, name }) => (
            <li key={id}>
              <Checkbox
                label={name}
                checked={chosen.includes(id)}
                onChange={() =>
                  onChange(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id])
                }
              />
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  );
}

interface ScheduleProps {
  draft: DigestDraft;
  wrong: boolean;
  onChange: (part: Partial<DigestDraft>) => void;
}

function Schedule({ draft, wrong, onChange }: ScheduleProps) {
  const { say, moment } = useI18n();
  const [own, setOwn] = useState(() => presetOf(draft.cron) === "own");
  const { data, error } = useQuery({
    ...nextRunsQuery(draft.cron.trim(), draft.zone),
    enabled: draft.cron.trim() !== "",
  });
  const preset = own ? "own" : presetOf(draft.cron);
  return (
    <>
      <div className={styles["pair"]}>
        <ChoiceField
          label={say("podcasts.digests.when")}
          value={preset}
          options={(["weekly", "weekdays", "daily", "monthly", "own"] as const).map(
            (each) => [each, say(`podcasts.digests.when.${each}`)] as const,
          )}
          onChange={(next) => {
            setOwn(next === "own");
            if (next !== "own") onChange({ cron: PRESETS[next] });
          }}
        />
        <ChoiceField
          label={say("podcasts.digests.zone")}
          value={draft.zone}
          options={zones(draft.zone, ownZone()).map((each) => [each, each.replaceAll("_", " ")] as const)}
          onChange={(zone) => onChange({ zone })}
        />
      </div>
      {own && (
        <TextInput
          name="cron"
          label={say("podcasts.digests.cron")}
          description={say("podcasts.digests.cronNote")}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          error={(wrong || error !== null) && say("podcasts.digests.cronWrong")}
          value={draft.cron}
          onChange={(event) => onChange({ cron: event.currentTarget.value })}
        />
      )}
      {data?.next_runs[0] && (
        <p className={forms.note} aria-live="polite">
          {say("podcasts.digests.nextAt", { time: moment(data.next_runs[0]) })}
        </p>
      )}
    </>
  );
}
