import { Button, Checkbox, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState, type FormEvent } from "react";
import { useMakeEpisode } from "@/api/podcasts";
import { templatesQuery } from "@/api/templates";
import { Card } from "@/components/Card";
import { Fold } from "@/components/Fold";
import { forms } from "@/components/Form";
import { ProgressBar } from "@/components/ProgressBar";
import { backLink, Screen, Section } from "@/components/Screen";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { dropFromDraft, emptyBox, readBox } from "@/features/home/draft";
import { useI18n } from "@/i18n";
import {
  emptyDraft,
  faultsOf,
  keepDraft,
  readDraft,
  readEntry,
  sourcesOf,
  speakerDraft,
  wishesOf,
  withSources,
  type Draft,
  type Fault,
  type SourceDraft,
} from "./draft";
import { EstimateNote } from "./EstimateNote";
import { ShapeFields } from "./ShapeFields";
import { MusicFields } from "./MusicFields";
import { SourcesField } from "./SourcesField";
import { SpeakersField } from "./SpeakersField";
import { TemplateCards } from "./TemplateCards";
import styles from "./Make.module.css";

const route = getRouteApi("/shell/podcasts/new");

/** What another screen has sent along. */
function useGiven(): SourceDraft[] {
  const { items, url, text, episode, box } = route.useSearch();
  return useMemo(
    () => [
      ...(items ?? []).map((id) => ({ kind: "item" as const, id })),
      ...(url ? [{ kind: "url" as const, url }] : []),
      ...(text ? [{ kind: "text" as const, text }] : []),
      ...(box ? readEntry(readBox()) : []),
      ...(episode ? [{ kind: "episode" as const, id: episode }] : []),
    ],
    [items, url, text, episode, box],
  );
}

/** A draft with what another screen has sent along. */
function begun(draft: Draft, given: readonly SourceDraft[], template: string | undefined): Draft {
  const next = withSources(draft, given);
  return template && template !== draft.template ? { ...next, template, speakers: null } : next;
}

/** Makes an episode of whatever is given. What is typed stays through errors, a reload and the login. */
export default function NewEpisodePage() {
  const { say } = useI18n();
  const { tell } = useToasts();
  const navigate = route.useNavigate();
  const given = useGiven();
  const { template: wantedTemplate, box } = route.useSearch();
  const [kept] = useState(readDraft);
  const [draft, setDraft] = useState<Draft>(() => begun(kept ?? emptyDraft(), given, wantedTemplate));
  const [isKept, setIsKept] = useState(kept !== null && sourcesOf(kept).length > 0);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [tried, setTried] = useState(false);
  const [sent, setSent] = useState<number | null>(null);
  const aborted = useRef<AbortController | null>(null);
  const { data: templates } = useQuery(templatesQuery);
  const template = templates?.find(({ id }) => id === draft.template);
  const make = useMakeEpisode();
  const faults = faultsOf(draft, files.length);
  useEffect(() => () => aborted.current?.abort(), []);

  const change = (part: Partial<Draft>) =>
    setDraft((old) => {
      const next = { ...old, ...part };
      keepDraft(next);
      return next;
    });
  const startOver = () => {
    keepDraft(null);
    setDraft(begun(emptyDraft(), given, wantedTemplate));
    setIsKept(false);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    const [fault] = faults;
    if (fault !== undefined) {
      reveal(event.currentTarget, fault);
      return;
    }
    aborted.current = new AbortController();
    make.mutate(
      { wishes: wishesOf(draft), files, onProgress: setSent, signal: aborted.current.signal },
      {
        onSuccess: ({ podcastId }) => {
          keepDraft(null);
          for (const source of sourcesOf(draft)) if (source.kind === "url") dropFromDraft(source.url);
          if (box) emptyBox();
          tell(say("podcasts.new.done"));
          void navigate({ to: "/podcasts/$id", params: { id: podcastId }, search: {} });
        },
        onSettled: () => setSent(null),
      },
    );
  };
  const wrong = (name: Fault) => tried && faults.includes(name);
  const speakers = draft.speakers ?? template?.speakers?.map(speakerDraft) ?? null;
  return (
    <Screen
      title={say("podcasts.make")}
      back={<Link to="/podcasts" search={{}} {...backLink(say("nav.podcasts"))} />}
    >
      <form className={forms.form} onSubmit={submit} noValidate>
        {isKept && (
          <div className={styles["kept"]} role="status">
            <span>{say("link.form.kept")}</span>
            <Button size="xs" variant="default" onClick={startOver}>
              {say("link.form.startOver")}
            </Button>
          </div>
        )}
        <Card>
          <Section title={say("podcasts.new.sources")}>
            <SourcesField
              draft={draft}
              files={files}
              fault={wrong("sources") && say("podcasts.new.noSources")}
              onChange={change}
              onFiles={setFiles}
            />
          </Section>
        </Card>
        <Section title={say("podcasts.new.template")}>
          <TemplateCards
            templates={templates ?? []}
            value={draft.template}
            onChange={(id) => change({ template: id, speakers: null })}
          />
        </Section>
        <Card>
          <div className={forms.form}>
            <ShapeFields draft={draft} template={template} wrong={wrong} onChange={change} />
            <Checkbox
              label={say("podcasts.new.approve")}
              description={say("podcasts.new.approveNote")}
              checked={draft.approve}
              onChange={(event) => change({ approve: event.currentTarget.checked })}
            />
          </div>
        </Card>
        <Fold
          title={say("podcasts.new.speakers")}
          note={speakers ? speakers.map(({ name }) => name).join(", ") : say("podcasts.new.speakersUsual")}
          open={draft.speakers !== null}
          id="speakers"
        >
          <SpeakersField
            speakers={speakers ?? []}
            language={draft.language}
            fault={wrong("speakers") && say("podcasts.new.speakersWrong")}
            onChange={(next) => change({ speakers: next })}
            onReset={draft.speakers === null ? null : () => change({ speakers: null })}
          />
        </Fold>
        <Fold title={say("podcasts.new.more")} note={say("podcasts.new.moreNote")}>
          <TextInput
            label={say("podcasts.new.title")}
            description={say("podcasts.new.titleNote")}
            maxLength={500}
            value={draft.title}
            onChange={(event) => change({ title: event.currentTarget.value })}
          />
          <Textarea
            autosize
            minRows={2}
            maxRows={10}
            label={say("podcasts.new.instructions")}
            description={say("podcasts.new.instructionsNote")}
            maxLength={20_000}
            value={draft.instructions}
            onChange={(event) => change({ instructions: event.currentTarget.value })}
          />
          <fieldset className={forms.group}>
            <legend>{say("podcasts.new.formats")}</legend>
            <Checkbox
              label={"mp3".toUpperCase()}
              checked
              disabled
              readOnly
              description={say("podcasts.new.always")}
            />
            {(["opus", "m4a"] as const).map((each) => (
              <Checkbox
                key={each}
                label={each.toUpperCase()}
                checked={draft[each]}
                onChange={(event) => change({ [each]: event.currentTarget.checked })}
              />
            ))}
          </fieldset>
          <MusicFields music={draft.music} onChange={(music) => change({ music })} />
        </Fold>
        <EstimateNote draft={draft} hasFiles={files.length > 0} ready={faults.length === 0} />
        {make.error !== null && make.error.name !== "AbortError" && <ErrorNote error={make.error} />}
        {sent !== null && files.length > 0 && (
          <div className={styles["sending"]}>
            <span>{say("podcasts.new.sending")}</span>
            <ProgressBar share={sent} label={say("podcasts.new.sending")} />
          </div>
        )}
        <div className={forms.answers}>
          {make.isPending && files.length > 0 ? (
            <Button variant="default" onClick={() => aborted.current?.abort()}>
              {say("form.cancel")}
            </Button>
          ) : (
            <Button
              variant="default"
              renderRoot={(props) => <Link to="/podcasts" search={{}} {...props} />}
              onClick={() => keepDraft(null)}
            >
              {say("form.cancel")}
            </Button>
          )}
          <Button type="submit" loading={make.isPending}>
            {say("podcasts.new.submit")}
          </Button>
        </div>
      </form>
    </Screen>
  );
}

/** Leads to the field that is wrong, with the fold around it open. */
function reveal(form: HTMLFormElement, name: Fault) {
  const field = form.querySelector<HTMLElement>(name === "speakers" ? "#speakers input" : `[name="${name}"]`);
  const fold = field?.closest("details");
  if (fold) fold.open = true;
  field?.focus();
}
