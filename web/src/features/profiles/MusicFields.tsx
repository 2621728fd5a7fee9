import { Checkbox } from "@mantine/core";
import type { ProfileSpec } from "@/api/profiles";
import { ChoiceField } from "@/components/ChoiceField";
import { Fold } from "@/components/Fold";
import { useI18n } from "@/i18n";
import styles from "./ProfileDialog.module.css";

const RATES = ["320", "256", "192", "160", "128", "96"] as const;
/** Variable rates: only MP3 has them. */
const VARIABLE = ["v0", "v2"] as const;
const SAID = ["clean_names", "replaygain", "lyrics", "square_cover"] as const;
/** What is done where nothing else is said, as at the server. */
const USUAL = { clean_names: true, replaygain: true, lyrics: true, square_cover: false };

interface MusicFieldsProps {
  spec: ProfileSpec;
  onChange: (part: Partial<ProfileSpec>) => void;
}

/** How well sound is encoded where it has to be, for formats that lose some of it. */
export function QualityField({ spec, onChange }: MusicFieldsProps) {
  const { say } = useI18n();
  const format = spec.audio_format ?? "keep";
  if (format === "keep" || format === "flac") return null;
  const rates = [...(format === "mp3" ? VARIABLE : []), ...RATES];
  return (
    <ChoiceField
      label={say("profiles.quality")}
      value={spec.audio_quality ?? ""}
      options={[
        ["", say("profiles.byServer")],
        ...rates.map((each) => [each, nameOf(each, say("profiles.kilobits"))] as const),
      ]}
      onChange={(rate) => onChange({ audio_quality: rate === "" ? null : rate })}
    />
  );
}

function nameOf(rate: string, unit: string): string {
  return rate.startsWith("v") ? rate.toUpperCase() : `${rate} ${unit}`;
}

/** What becomes of music: its names, its loudness, its lyrics, its picture. */
export function MusicFields({ spec, onChange }: MusicFieldsProps) {
  const { say } = useI18n();
  const music = { ...USUAL, ...spec.music };
  const set = SAID.some((each) => music[each] !== USUAL[each]);
  return (
    <Fold
      title={say("profiles.music")}
      note={say(set ? "profiles.files.own" : "profiles.byServer")}
      open={set}
    >
      <div className={styles["group"]}>
        {SAID.map((each) => (
          <Checkbox
            key={each}
            label={say(`profiles.music.${each}`)}
            checked={music[each]}
            onChange={(event) => onChange({ music: { ...music, [each]: event.currentTarget.checked } })}
          />
        ))}
      </div>
    </Fold>
  );
}
