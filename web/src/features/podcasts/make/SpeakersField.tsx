import { ActionIcon, Button, TextInput } from "@mantine/core";
import { forms } from "@/components/Form";
import { IconPlus, IconTrash } from "@/components/icons";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { useSound } from "../sound";
import { VoiceField } from "../VoiceField";
import { MAX_SPEAKERS, type SpeakerDraft } from "./draft";
import styles from "./Make.module.css";

interface SpeakersFieldProps {
  speakers: readonly SpeakerDraft[];
  language: string;
  fault: string | false;
  /** Names and number are fixed: the script has them. */
  isCast?: boolean;
  onChange: (speakers: readonly SpeakerDraft[]) => void;
  /** Back to those of the template; null while they are. */
  onReset?: (() => void) | null;
}

const NAMES = ["Anna", "Ben", "Clara", "David"];

/** Who speaks: names, roles, and a voice for each that can be heard before. */
export function SpeakersField(props: SpeakersFieldProps) {
  const { speakers, language, fault, isCast = false, onChange, onReset = null } = props;
  const { say } = useI18n();
  const { complain } = useToasts();
  const sound = useSound(complain);
  const change = (at: number, part: Partial<SpeakerDraft>) =>
    onChange(speakers.map((each, index) => (index === at ? { ...each, ...part } : each)));
  const add = () => {
    const name = NAMES.find((each) => !speakers.some((speaker) => speaker.name === each)) ?? "";
    onChange([...speakers, { name, role: "", voice: "", style: "", language: "" }]);
  };
  return (
    <div className={forms.form}>
      {speakers.length === 0 && <p className={forms.note}>{say("podcasts.speakers.usual")}</p>}
      {speakers.map((speaker, at) => (
        <fieldset key={at} className={forms.group}>
          <legend>{say("podcasts.speakers.number", { number: at + 1 })}</legend>
          <div className={styles["pair"]}>
            <TextInput
              label={say("podcasts.speakers.name")}
              maxLength={60}
              disabled={isCast}
              value={speaker.name}
              onChange={(event) => change(at, { name: event.currentTarget.value })}
            />
            <VoiceField
              value={speaker.voice}
              language={speaker.language || language}
              speaker={speaker.name}
              sound={sound}
              onChange={(voice) => change(at, { voice })}
            />
            {!isCast && (
              <TextInput
                label={say("podcasts.speakers.role")}
                placeholder={say("podcasts.speakers.rolePlaceholder")}
                maxLength={300}
                value={speaker.role}
                onChange={(event) => change(at, { role: event.currentTarget.value })}
              />
            )}
            <TextInput
              label={say("podcasts.speakers.style")}
              placeholder={say("podcasts.speakers.stylePlaceholder")}
              maxLength={500}
              value={speaker.style}
              onChange={(event) => change(at, { style: event.currentTarget.value })}
            />
          </div>
          {!isCast && (
            <ActionIcon
              className={styles["removeSpeaker"]}
              variant="default"
              aria-label={say("podcasts.speakers.remove", { name: speaker.name || String(at + 1) })}
              onClick={() => onChange(speakers.filter((_, index) => index !== at))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )}
        </fieldset>
      ))}
      {fault && (
        <p className={styles["fault"]} role="alert">
          {fault}
        </p>
      )}
      <div className={forms.answersLeft}>
        {!isCast && speakers.length < MAX_SPEAKERS && (
          <Button size="xs" variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
            {say("podcasts.speakers.add")}
          </Button>
        )}
        {onReset && (
          <Button size="xs" variant="subtle" onClick={onReset}>
            {say("podcasts.speakers.reset")}
          </Button>
        )}
      </div>
    </div>
  );
}
