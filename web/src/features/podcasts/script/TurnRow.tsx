import { ActionIcon, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { memo } from "react";
import { fetchTurn } from "@/api/voices";
import {
  IconAlert,
  IconDown,
  IconPlay,
  IconPlus,
  IconSplit,
  IconTrash,
  IconUp,
  IconX,
} from "@/components/icons";
import { useI18n } from "@/i18n";
import type { Sound } from "../sound";
import { marked, type EditTurn } from "./edit";
import styles from "./Script.module.css";

interface TurnRowProps {
  turn: EditTurn;
  episodeId: string;
  speakers: readonly string[];
  sound: Sound;
  isLooked: boolean;
  disabled: boolean;
  onLook: () => void;
  onChange: (part: Partial<Pick<EditTurn, "text" | "speaker" | "style">>) => void;
  onAdd: () => void;
  onSplit: () => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}

/** One turn: who says what, how, and how it sounds. */
export const TurnRow = memo(function TurnRow(props: TurnRowProps) {
  const { turn, episodeId, speakers, sound, isLooked, disabled, onLook, onChange } = props;
  const { say } = useI18n();
  const { speaker, text, style } = turn;
  const flags = turn.flags ?? [];
  const name = { start: text.slice(0, 40) || say("podcasts.turn.empty") };
  // Another text is another sound.
  const key = `turn ${turn.key} ${speaker} ${style ?? ""} ${text}`;
  const isOn = sound.playing === key;
  const hue = speakers.indexOf(speaker) % 4;
  const icon = { variant: "subtle", color: "gray", size: "md", disabled } as const;
  return (
    <li className={styles["turn"]} data-speaker={hue} data-looked={isLooked || undefined} onFocus={onLook}>
      <div className={styles["who"]}>
        <NativeSelect
          size="xs"
          aria-label={say("podcasts.turn.speaker", name)}
          disabled={disabled}
          value={speaker}
          data={[...speakers]}
          onChange={(event) => onChange({ speaker: event.currentTarget.value })}
        />
        <TextInput
          size="xs"
          aria-label={say("podcasts.turn.style", name)}
          placeholder={say("podcasts.turn.stylePlaceholder")}
          maxLength={500}
          disabled={disabled}
          value={style ?? ""}
          onChange={(event) => onChange({ style: event.currentTarget.value || null })}
        />
        <ActionIcon
          variant="light"
          size={30}
          disabled={text.trim() === ""}
          loading={sound.loading === key}
          aria-label={say(isOn ? "podcasts.turn.stop" : "podcasts.turn.play", name)}
          onClick={() =>
            sound.toggle(key, (signal) =>
              fetchTurn(episodeId, { speaker, text, style: style ?? null }, signal),
            )
          }
        >
          {isOn ? <IconX size={16} aria-hidden /> : <IconPlay size={16} aria-hidden />}
        </ActionIcon>
      </div>
      <div className={styles["line"]}>
        <Textarea
          autosize
          minRows={1}
          variant="unstyled"
          aria-label={say("podcasts.turn.text", { speaker })}
          error={text.trim() === "" && say("podcasts.turn.empty")}
          maxLength={20_000}
          disabled={disabled}
          value={text}
          dir="auto"
          onChange={(event) => onChange({ text: event.currentTarget.value })}
        />
        {flags.length > 0 && (
          <p className={styles["flags"]}>
            <IconAlert size={16} aria-hidden />
            <span>
              {say("podcasts.turn.flagged")}{" "}
              {marked(text, flags)
                .filter(({ kind }) => kind !== null)
                .map(({ text: what }, at) => (
                  <mark key={at} className={styles["mark"]}>
                    {what}
                  </mark>
                ))}
            </span>
          </p>
        )}
      </div>
      <div className={styles["acts"]}>
        <ActionIcon {...icon} aria-label={say("podcasts.turn.up", name)} onClick={() => props.onMove(-1)}>
          <IconUp size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon {...icon} aria-label={say("podcasts.turn.down", name)} onClick={() => props.onMove(1)}>
          <IconDown size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon {...icon} aria-label={say("podcasts.turn.add", name)} onClick={props.onAdd}>
          <IconPlus size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon {...icon} aria-label={say("podcasts.turn.split", name)} onClick={props.onSplit}>
          <IconSplit size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon {...icon} aria-label={say("podcasts.turn.remove", name)} onClick={props.onRemove}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </div>
    </li>
  );
});
