import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useContinueEpisode, type Episode } from "@/api/podcasts";
import { providersQuery } from "@/api/voices";
import { ChoiceField } from "@/components/ChoiceField";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { choices, useProviderName, useProviderWords, type Role } from "./providers";

/** Goes on where the making has stopped, with another model, other voices or another recogniser. */
export function ContinueDialog({ episode, onClose }: { episode: Episode; onClose: () => void }) {
  const { say } = useI18n();
  const goOn = useContinueEpisode();
  const { data = [], error } = useQuery(providersQuery);
  const nameOf = useProviderName();
  const wordsOf = useProviderWords();
  const [wanted, setWanted] = useState<Partial<Record<Role, string | null>>>({});
  const submit = (event: FormEvent) => {
    event.preventDefault();
    goOn.mutate({ id: episode.id, ...wanted }, { onSuccess: onClose });
  };
  return (
    <Dialog title={say("podcasts.continueWith.title")} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <p className={forms.note}>{say("podcasts.continueWith.note")}</p>
        {rolesOf(episode).map((role) => {
          const before = episode.providers[role];
          return (
            <ChoiceField
              key={role}
              label={say(`podcasts.made.${role}`)}
              value={wanted[role] ?? ""}
              options={[
                [
                  "",
                  typeof before === "string"
                    ? say("podcasts.continueWith.before", { name: wordsOf(role, before) })
                    : say("podcasts.continueWith.usual"),
                ],
                ...choices(data, role, nameOf).map(
                  ({ name, label, isOk }) =>
                    [name, isOk ? label : say("podcasts.continueWith.silent", { name: label })] as const,
                ),
              ]}
              onChange={(name) => setWanted({ ...wanted, [role]: name || null })}
            />
          );
        })}
        {(goOn.error ?? error) && <ErrorNote error={goOn.error ?? error} />}
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose}>
            {say("form.cancel")}
          </Button>
          <Button type="submit" loading={goOn.isPending}>
            {say("podcasts.continue")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Who is still needed: nobody writes a script that stands, and nobody listens where nothing is to be heard. */
function rolesOf({ scriptVersion, sources }: Episode): Role[] {
  const isHeard = sources.some(({ kind }) => kind !== "text" && kind !== "episode");
  return [
    ...(scriptVersion === null ? (["llm"] as const) : []),
    "tts",
    ...(isHeard && scriptVersion === null ? (["asr"] as const) : []),
  ];
}
