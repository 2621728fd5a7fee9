import { Button, PasswordInput, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import {
  downloadSettingsQuery,
  useSaveDownloadSettings,
  useTryDownloadSettings,
  type DownloadSettingsOut,
} from "@/api/missing";
import { profilesQuery } from "@/api/profiles";
import { ChoiceField } from "@/components/ChoiceField";
import { forms } from "@/components/Form";
import { IconAlert, IconCheck } from "@/components/icons";
import { Section } from "@/components/Screen";
import { ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useProfileName } from "@/features/profiles/words";
import { useI18n } from "@/i18n";
import { changesOf, draftOf } from "./settings";
import styles from "./Missing.module.css";

/** How one's missing songs are fetched. */
export function DownloadSettings() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(downloadSettingsQuery);
  return (
    <Section title={say("fetching.title")}>
      <p className={forms.note}>{say("fetching.note")}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={4} height={56} />}
      {data && <SettingsForm saved={data} />}
    </Section>
  );
}

function SettingsForm({ saved }: { saved: DownloadSettingsOut }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const nameOf = useProfileName();
  const { data: profiles = [] } = useQuery(profilesQuery);
  const save = useSaveDownloadSettings();
  const trial = useTryDownloadSettings();
  const [draft, setDraft] = useState(() => draftOf(saved));
  const set = (part: Partial<typeof draft>) => setDraft((old) => ({ ...old, ...part }));
  const store = (then: () => void) =>
    save.mutate(changesOf(draft, saved), {
      onSuccess: (fresh) => {
        setDraft(draftOf(fresh));
        then();
      },
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    trial.reset();
    store(() => tell(say("fetching.saved")));
  };
  const sounds = profiles.filter(({ spec }) => spec.kind === "audio").map(({ name }) => name);
  const offered = sounds.includes(draft.profile) ? sounds : [draft.profile, ...sounds];
  return (
    <form className={forms.narrow} onSubmit={submit}>
      {save.error && <ErrorNote error={save.error} />}
      <ChoiceField
        label={say("fetching.profile")}
        description={say("fetching.profileNote")}
        value={draft.profile}
        options={offered.map((name) => [name, nameOf(name)] as const)}
        onChange={(profile) => set({ profile })}
      />
      <TextInput
        label={say("fetching.folder")}
        description={say("fetching.folderNote")}
        value={draft.folder}
        onChange={(event) => set({ folder: event.currentTarget.value })}
      />
      <Textarea
        label={say("fetching.searches")}
        description={say("fetching.searchesNote", {
          names: saved.known_searches.map(({ name }) => name).join(", "),
          hole: "{query}",
        })}
        rows={5}
        spellCheck={false}
        value={draft.searches}
        onChange={(event) => set({ searches: event.currentTarget.value })}
      />
      <TextInput
        label={say("fetching.api")}
        description={say("fetching.apiNote")}
        type="url"
        value={draft.api}
        onChange={(event) => set({ api: event.currentTarget.value })}
      />
      <PasswordInput
        label={say("fetching.key")}
        description={say("fetching.keyNote")}
        autoComplete="new-password"
        placeholder={say(saved.has_api_key ? "settings.secretSet" : "settings.secretUnset")}
        visibilityToggleButtonProps={{ "aria-label": say("account.password.show"), tabIndex: 0 }}
        value={draft.key}
        onChange={(event) => set({ key: event.currentTarget.value })}
      />
      <Verdict trial={trial} own={!saved.api_url} />
      <div className={forms.answersLeft}>
        <Button type="submit" loading={save.isPending}>
          {say("form.save")}
        </Button>
        <Button
          variant="default"
          loading={trial.isPending}
          disabled={save.isPending}
          onClick={() => store(() => trial.mutate())}
        >
          {say("fetching.try")}
        </Button>
      </div>
    </form>
  );
}

/** What came of trying it. */
function Verdict({ trial, own }: { trial: ReturnType<typeof useTryDownloadSettings>; own: boolean }) {
  const { say, sayIfKnown } = useI18n();
  if (trial.error) return <ErrorNote error={trial.error} />;
  if (!trial.data) return null;
  const { success, reason, message } = trial.data;
  const good = say(own ? "fetching.own" : "fetching.works");
  const bad = (reason && sayIfKnown(`missing.why.${reason}`)) ?? message;
  const Icon = success ? IconCheck : IconAlert;
  return (
    <p className={styles[success ? "good" : "bad"]} role="status">
      <Icon size={18} aria-hidden />
      {success ? good : bad}
    </p>
  );
}
