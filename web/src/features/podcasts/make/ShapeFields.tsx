import { TextInput } from "@mantine/core";
import { FORMATS, type Template } from "@/api/templates";
import { ChoiceField } from "@/components/ChoiceField";
import { useI18n } from "@/i18n";
import { LanguageField } from "../LanguageField";
import type { Draft, Fault } from "./draft";
import styles from "./Make.module.css";

interface ShapeFieldsProps {
  draft: Draft;
  template: Template | undefined;
  wrong: (name: Fault) => boolean;
  onChange: (part: Partial<Draft>) => void;
}

/** How long, in which language, as what kind of show; empty fields leave it to the template and the sources. */
export function ShapeFields({ draft, template, wrong, onChange }: ShapeFieldsProps) {
  const { say } = useI18n();
  const usual = template?.minutes;
  return (
    <div className={styles["pair"]}>
      <TextInput
        name="minutes"
        inputMode="decimal"
        label={say("podcasts.new.minutes")}
        description={say("podcasts.new.minutesNote")}
        placeholder={usual ? String(usual) : say("podcasts.new.minutesAny")}
        error={wrong("minutes") && say("podcasts.new.minutesWrong")}
        value={draft.minutes}
        onChange={(event) => onChange({ minutes: event.currentTarget.value })}
      />
      <LanguageField
        label={say("podcasts.new.language")}
        description={say("podcasts.new.languageNote")}
        value={draft.language}
        error={wrong("language") && say("podcasts.languageWrong")}
        onChange={(language) => onChange({ language })}
      />
      <ChoiceField
        label={say("podcasts.new.format")}
        description={say("podcasts.new.formatNote")}
        value={draft.format}
        options={[
          ["", say("podcasts.new.formatUsual")],
          ...FORMATS.map((each) => [each, say(`podcasts.format.${each}`)] as const),
        ]}
        onChange={(format) => onChange({ format })}
      />
    </div>
  );
}
