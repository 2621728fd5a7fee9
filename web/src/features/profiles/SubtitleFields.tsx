import { Checkbox, TextInput } from "@mantine/core";
import type { ProfileSpec } from "@/api/profiles";
import { ChoiceField } from "@/components/ChoiceField";
import { Fold } from "@/components/Fold";
import { useI18n } from "@/i18n";
import styles from "./ProfileDialog.module.css";

const WHERE = ["beside", "embed"] as const;
const FORMATS = ["vtt", "srt"] as const;

type Subtitles = NonNullable<ProfileSpec["subtitles"]>;

interface SubtitleFieldsProps {
  /** As they are typed, with commas between them. */
  languages: string;
  subtitles: Subtitles | undefined;
  onLanguages: (languages: string) => void;
  onChange: (part: Partial<Subtitles>) => void;
}

/** Which subtitles are saved, and where. */
export function SubtitleFields({ languages, subtitles = {}, onLanguages, onChange }: SubtitleFieldsProps) {
  const { say } = useI18n();
  const any = languages.trim() !== "";
  return (
    <Fold
      title={say("profiles.subtitles")}
      note={any ? languages : say("profiles.subtitles.none")}
      open={any}
    >
      <TextInput
        label={say("profiles.languages")}
        description={say("profiles.languagesNote")}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        value={languages}
        onChange={(event) => onLanguages(event.currentTarget.value)}
      />
      <Checkbox
        label={say("profiles.automatic")}
        checked={subtitles.automatic ?? false}
        onChange={(event) => onChange({ automatic: event.currentTarget.checked })}
      />
      <div className={styles["pair"]}>
        <ChoiceField
          label={say("profiles.where")}
          value={subtitles.where ?? "beside"}
          options={WHERE.map((each) => [each, say(`profiles.where.${each}`)] as const)}
          onChange={(where) => onChange({ where })}
        />
        <ChoiceField
          label={say("profiles.container")}
          value={subtitles.format ?? ""}
          options={[
            ["", say("profiles.byServer")],
            ...FORMATS.map((each) => [each, each.toUpperCase()] as const),
          ]}
          onChange={(format) => onChange({ format: format || null })}
        />
      </div>
    </Fold>
  );
}
