import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { namesQuery, useSaveProfile, type ProfileSpec, type SavingProfile } from "@/api/profiles";
import { ChoiceField } from "@/components/ChoiceField";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { FileFields } from "./FileFields";
import { MusicFields, QualityField } from "./MusicFields";
import styles from "./ProfileDialog.module.css";
import { SponsorFields } from "./SponsorFields";
import { SubtitleFields } from "./SubtitleFields";

const KINDS = ["video", "audio", "gallery"] as const;
const HEIGHTS = [144, 240, 360, 480, 720, 1080, 1440, 2160, 4320] as const;
const CONTAINERS = ["keep", "mp4", "mkv", "webm"] as const;
const FORMATS = ["keep", "mp3", "opus", "m4a", "flac"] as const;
const SERVERS = ["plex", "jellyfin", "kodi", "navidrome"] as const;
const REST_MS = 350;

interface ProfileDialogProps {
  /** One to change, or one that ships with Magpie, to begin from. */
  profile?: SavingProfile;
  onClose: () => void;
}

/** Makes a profile or changes one, with the names that its files would have. */
export function ProfileDialog({ profile, onClose }: ProfileDialogProps) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const save = useSaveProfile();
  const id = profile?.id ?? null;
  const [name, setName] = useState(id === null ? "" : (profile?.name ?? ""));
  const [spec, setSpec] = useState<ProfileSpec>(profile?.spec ?? {});
  const [languages, setLanguages] = useState(spec.subtitles?.languages?.join(", ") ?? "");
  const kind = spec.kind ?? "video";
  const change = (part: Partial<ProfileSpec>) => setSpec((old) => ({ ...old, ...part }));
  const whole: ProfileSpec = {
    ...spec,
    subtitles: { ...spec.subtitles, languages: languages.split(/[\s,，]+/).filter(Boolean) },
    // WebM has no place for a picture.
    ...(spec.container === "webm" ? { embed: { ...spec.embed, thumbnail: false } } : {}),
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    save.mutate(
      { id, name: name.trim(), spec: whole },
      {
        onSuccess: (saved) => {
          tell(say("link.saved", { name: saved.name }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      title={id === null ? say("profiles.add") : say("profiles.editNamed", { name: profile?.name ?? "" })}
      onClose={onClose}
    >
      <form className={forms.form} onSubmit={submit} noValidate>
        {save.error && <ErrorNote error={save.error} />}
        <TextInput
          label={say("link.form.name")}
          autoComplete="off"
          maxLength={32}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className={styles["pair"]}>
          <ChoiceField
            label={say("profiles.kind")}
            value={kind}
            options={KINDS.map((each) => [each, say(`kind.${each}`)] as const)}
            onChange={(next) => change({ kind: next })}
          />
          <ChoiceField
            label={say("profiles.server")}
            value={spec.media_server ?? ""}
            options={[
              ["", say("profiles.server.none")],
              ...SERVERS.map((each) => [each, say(`profiles.server.${each}`)] as const),
            ]}
            onChange={(server) => change({ media_server: server || null })}
          />
          {kind === "video" && (
            <>
              <ChoiceField
                label={say("profiles.height")}
                value={String(spec.max_height ?? "")}
                options={[
                  ["", say("profiles.best")],
                  ...HEIGHTS.map(
                    (each) => [String(each), say("profiles.upTo", { height: String(each) })] as const,
                  ),
                ]}
                onChange={(height) =>
                  change({ max_height: HEIGHTS.find((each) => String(each) === height) ?? null })
                }
              />
              <ChoiceField
                label={say("profiles.container")}
                value={spec.container ?? "keep"}
                options={CONTAINERS.map(
                  (each) => [each, each === "keep" ? say("profiles.keep") : each.toUpperCase()] as const,
                )}
                onChange={(container) => change({ container })}
              />
            </>
          )}
          {kind === "audio" && (
            <ChoiceField
              label={say("profiles.format")}
              value={spec.audio_format ?? "keep"}
              options={FORMATS.map(
                (each) => [each, each === "keep" ? say("profiles.keep") : each.toUpperCase()] as const,
              )}
              // A rate of one format says nothing in another one.
              onChange={(format) => change({ audio_format: format, audio_quality: null })}
            />
          )}
          {kind === "audio" && <QualityField spec={spec} onChange={change} />}
        </div>
        <TextInput
          label={say("profiles.template")}
          description={say("profiles.templateNote")}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          value={spec.template ?? ""}
          onChange={(event) => change({ template: event.currentTarget.value || null })}
        />
        <Names spec={whole} />
        {kind === "video" && (
          <SubtitleFields
            languages={languages}
            subtitles={spec.subtitles}
            onLanguages={setLanguages}
            onChange={(part) => change({ subtitles: { ...spec.subtitles, ...part } })}
          />
        )}
        {kind === "audio" && <MusicFields spec={spec} onChange={change} />}
        <FileFields spec={spec} onChange={change} />
        {kind !== "gallery" && (
          <SponsorFields
            sponsorblock={spec.sponsorblock}
            onChange={(sponsorblock) => change({ sponsorblock })}
          />
        )}
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose}>
            {say("form.cancel")}
          </Button>
          <Button type="submit" disabled={name.trim() === ""} loading={save.isPending}>
            {say("form.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Where a made-up medium would be saved. */
function Names({ spec }: { spec: ProfileSpec }) {
  const { say } = useI18n();
  // By its text: the form makes the same one anew with every key.
  const [rested] = useDebouncedValue(JSON.stringify(spec), REST_MS);
  const { data, error } = useQuery(namesQuery(JSON.parse(rested) as ProfileSpec));
  if (error) return <ErrorNote error={error} />;
  return (
    <div className={styles["names"]} aria-live="polite">
      <strong>{say("profiles.preview")}</strong>
      <ul className={styles["files"]}>
        {data?.files.map(({ path }) => (
          <li key={path}>{path}</li>
        ))}
      </ul>
    </div>
  );
}
