import { Button, Textarea, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useSaveEpisode, type Episode, type Source } from "@/api/podcasts";
import { Facts, OutsideLink } from "@/components/Facts";
import { Fold } from "@/components/Fold";
import { forms } from "@/components/Form";
import { Section } from "@/components/Screen";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import styles from "./Episode.module.css";
import { useProviderWords, type Role } from "./providers";

/** What an episode was made of, by whom, and how the recording measures. */
export function About({ episode }: { episode: Episode }) {
  const { say, sayIfKnown, moment, span } = useI18n();
  const { providers, report, usage, estimate, templateUsed } = episode;
  const wordsOf = useProviderWords();
  const by = (role: Role) => {
    const name = providers[role];
    return typeof name === "string" ? wordsOf(role, name) : null;
  };
  const counted = useCounted();
  const isHeard = episode.sources.some(({ kind }) => kind !== "text" && kind !== "episode");
  return (
    <div className={styles["about"]}>
      <Section title={say("podcasts.sources")}>
        <Sources sources={episode.sources} />
        {episode.purgedAt && (
          <p className={forms.note}>{say("podcasts.purged", { time: moment(episode.purgedAt) })}</p>
        )}
      </Section>
      {Object.keys(report).length > 0 && (
        <Section title={say("podcasts.report")}>
          <Report report={report} />
        </Section>
      )}
      <Section title={say("podcasts.made")}>
        <Facts
          facts={[
            [say("podcasts.made.llm"), by("llm")],
            [say("podcasts.made.tts"), by("tts")],
            [say("podcasts.made.asr"), isHeard && by("asr")],
            [
              say("podcasts.made.template"),
              templateUsed && (sayIfKnown(`podcasts.template.${templateUsed}`) ?? templateUsed),
            ],
            [say("podcasts.made.estimated"), counted(estimate)],
            [say("podcasts.made.used"), counted(usage)],
            [say("podcasts.made.begun"), episode.startedAt && moment(episode.startedAt)],
            [say("podcasts.made.done"), episode.completedAt && moment(episode.completedAt)],
            [
              say("podcasts.made.took"),
              episode.startedAt &&
                episode.completedAt &&
                span((Date.parse(episode.completedAt) - Date.parse(episode.startedAt)) / 1000),
            ],
          ]}
        />
      </Section>
      <Rename episode={episode} />
    </div>
  );
}

/** Tokens, characters, minutes and money in a line. */
function useCounted(): (amounts: Record<string, unknown>) => string | null {
  const { say, span, language } = useI18n();
  return (amounts) => {
    const of = (name: string) => (typeof amounts[name] === "number" ? amounts[name] : null);
    const [minutes, tokens, characters, cost] = [of("minutes"), of("tokens"), of("characters"), of("cost")];
    const words = [
      minutes !== null && minutes > 0 && span(minutes * 60),
      tokens !== null && tokens > 0 && say("podcasts.estimate.tokens", { count: tokens }),
      characters !== null && say("podcasts.estimate.characters", { count: characters }),
      cost !== null && say("podcasts.estimate.cost", { cost: new Intl.NumberFormat(language).format(cost) }),
    ].filter(Boolean);
    return words.length > 0 ? words.join(" · ") : null;
  };
}

function Sources({ sources }: { sources: readonly Source[] }) {
  const { say } = useI18n();
  return (
    <ol className={styles["sources"]}>
      {sources.map((source) => (
        <li key={source.position}>
          <SourceName source={source} />
          {source.characters !== null && (
            <span className={styles["dim"]}>
              {say("podcasts.estimate.characters", { count: source.characters })}
            </span>
          )}
          {source.address && (
            <span className={styles["dim"]}>
              <OutsideLink href={source.address} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

/** A source by its name, which leads to it where there is a way. */
export function SourceName({ source }: { source: Source }) {
  const { say, sayIfKnown } = useI18n();
  const name =
    source.title ??
    source.name ??
    source.address ??
    sayIfKnown(`podcasts.source.${source.kind}`) ??
    say("podcasts.source.text");
  if (source.itemId !== null)
    return (
      <Link to="/library/$id" params={{ id: source.itemId }} dir="auto">
        {name}
      </Link>
    );
  if (source.episodeId !== null)
    return (
      <Link to="/podcasts/$id" params={{ id: source.episodeId }} search={{}} dir="auto">
        {name}
      </Link>
    );
  if (source.url !== null)
    return (
      <a href={source.url} target="_blank" rel="noopener" dir="auto">
        {name}
      </a>
    );
  return <strong dir="auto">{name}</strong>;
}

/** Units; the share of silence is a percentage. */
const MEASURES = {
  lufs: "LUFS",
  truePeak: "dBTP",
  loudnessRange: "LU",
  silence: "%",
} as const;

/** The loudness as it was measured. */
function Report({ report }: { report: Record<string, unknown> }) {
  const { say, language } = useI18n();
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  const share = new Intl.NumberFormat(language, { style: "percent" });
  const names = (Object.keys(MEASURES) as (keyof typeof MEASURES)[]).filter(
    (name) => typeof report[name] === "number",
  );
  return (
    <>
      <p className={forms.note}>{say("podcasts.report.note")}</p>
      <Facts
        facts={names.map((name) => [
          say(`podcasts.report.${name}`),
          MEASURES[name] === "%"
            ? share.format(report[name] as number)
            : `${number.format(report[name] as number)} ${MEASURES[name]}`,
        ])}
      />
    </>
  );
}

function Rename({ episode }: { episode: Episode }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const save = useSaveEpisode(episode.id);
  const [title, setTitle] = useState(episode.title);
  const [description, setDescription] = useState(episode.description);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim() === "") return;
    save.mutate(
      { title: title.trim(), description: description.trim() },
      { onSuccess: () => tell(say("podcasts.saved")) },
    );
  };
  return (
    <Fold title={say("podcasts.rename")}>
      <form className={forms.form} onSubmit={submit}>
        <TextInput
          label={say("podcasts.new.title")}
          maxLength={500}
          value={title}
          error={title.trim() === "" && say("podcasts.rename.empty")}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          autosize
          minRows={2}
          maxRows={10}
          label={say("item.description")}
          maxLength={10_000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {save.error && <ErrorNote error={save.error} />}
        <div className={forms.answersLeft}>
          <Button type="submit" loading={save.isPending}>
            {say("form.save")}
          </Button>
        </div>
      </form>
    </Fold>
  );
}
