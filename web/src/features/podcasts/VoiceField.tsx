import { ActionIcon, NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { fetchPreview, voicesQuery } from "@/api/voices";
import { IconPlay, IconX } from "@/components/icons";
import { useI18n } from "@/i18n";
import { joinVoice, splitVoice } from "./make/draft";
import styles from "./make/Make.module.css";
import type { Sound } from "./sound";
import { useLanguageName } from "./words";

interface VoiceFieldProps {
  /** As `joinVoice` has it; "" for one that Magpie chooses. */
  value: string;
  /** What is to be spoken: voices of it come first. */
  language: string;
  speaker: string;
  sound: Sound;
  onChange: (voice: string) => void;
}

/** A voice out of all that the providers have, with a button to hear it. */
export function VoiceField({ value, language, speaker, sound, onChange }: VoiceFieldProps) {
  const { say } = useI18n();
  const nameOf = useLanguageName();
  const { data } = useQuery(voicesQuery);
  const providers = data?.providers ?? [];
  const [provider, voice] = splitVoice(value);
  const groups = providers
    .filter(({ voices }) => voices.length > 0)
    .map((one) => ({
      group: one.title,
      items: byLanguage(one.voices, language).map((each) => ({
        value: joinVoice(one.name, each.id),
        label: [
          each.name,
          each.language && nameOf(each.language),
          each.gender && say(`podcasts.gender.${each.gender === "male" ? "male" : "female"}`),
        ]
          .filter(Boolean)
          .join(" · "),
      })),
    }));
  const isKnown = value === "" || groups.some(({ items }) => items.some((item) => item.value === value));
  const key = `voice ${value} ${speaker}`;
  const isOn = sound.playing === key;
  return (
    <div className={styles["voice"]}>
      <NativeSelect
        className={styles["voiceList"] ?? ""}
        label={say("podcasts.speakers.voice")}
        value={value}
        data={[
          { value: "", label: say("podcasts.speakers.voiceAny") },
          ...(isKnown ? [] : [{ value, label: voice }]),
          ...groups,
        ]}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <ActionIcon
        variant="default"
        size={36}
        disabled={value === ""}
        loading={sound.loading === key}
        aria-label={say(isOn ? "podcasts.speakers.stop" : "podcasts.speakers.hear", {
          name: speaker || voice,
        })}
        onClick={() => sound.toggle(key, (signal) => fetchPreview({ provider, voice, language }, signal))}
      >
        {isOn ? <IconX size={18} aria-hidden /> : <IconPlay size={18} aria-hidden />}
      </ActionIcon>
    </div>
  );
}

/** Those of a language first; otherwise as the provider tells them. */
function byLanguage<V extends { language?: string | null }>(voices: readonly V[], language: string): V[] {
  const wanted = language.split("-")[0]?.toLowerCase();
  const fits = (voice: V) => Boolean(wanted) && voice.language?.toLowerCase().split("-")[0] === wanted;
  return [...voices].sort((one, other) => Number(fits(other)) - Number(fits(one)));
}
