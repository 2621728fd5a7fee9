import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { scriptQuery, useVoiceEpisode, type Episode } from "@/api/podcasts";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { speakerDraft, speakerOf, type SpeakerDraft } from "./make/draft";
import { SpeakersField } from "./make/SpeakersField";

/** The same script with other voices. What was spoken with the voices that stay is not spoken again. */
export function VoiceDialog({ episode, onClose }: { episode: Episode; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const voice = useVoiceEpisode(episode.id);
  const { data: script } = useQuery(scriptQuery(episode.id));
  const [changed, setChanged] = useState<readonly SpeakerDraft[] | null>(null);
  const speakers = changed ?? castOf(episode, script?.turns.map(({ speaker }) => speaker) ?? []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    voice.mutate(changed ? { speakers: changed.map(speakerOf) } : {}, {
      onSuccess: () => {
        tell(say("podcasts.revoice.started"));
        onClose();
      },
    });
  };
  return (
    <Dialog title={say("podcasts.revoice")} wide onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <p className={forms.note}>{say("podcasts.revoice.note")}</p>
        <SpeakersField
          speakers={speakers}
          language={script?.language ?? episode.language ?? ""}
          fault={false}
          isCast
          onChange={setChanged}
        />
        {voice.error && <ErrorNote error={voice.error} />}
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose}>
            {say("form.cancel")}
          </Button>
          <Button type="submit" loading={voice.isPending}>
            {say("podcasts.revoice.go")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Everybody who speaks in the script, as the episode has them. */
function castOf(episode: Episode, names: readonly string[]): SpeakerDraft[] {
  const known = episode.speakers.map(speakerDraft);
  const others = [...new Set(names)].filter((name) => !known.some((each) => each.name === name));
  return [...known, ...others.map((name) => speakerDraft({ name }))];
}
