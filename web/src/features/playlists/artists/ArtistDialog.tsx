import { Button, Textarea } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useSaveArtist, type ArtistNames } from "@/api/artists";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { namesOf } from "./names";

interface ArtistDialogProps {
  /** Left out: a new one. */
  artist?: Pick<ArtistNames, "id" | "names">;
  onClose: () => void;
}

/** All names of one artist, one a line. */
export function ArtistDialog({ artist, onClose }: ArtistDialogProps) {
  const { say } = useI18n();
  const save = useSaveArtist();
  const [text, setText] = useState(artist?.names.join("\n") ?? "");
  const [tried, setTried] = useState(false);
  const names = namesOf(text);
  const fault = names.length < 2 ? say("artists.tooFew") : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (fault === null) save.mutate({ id: artist?.id ?? null, names }, { onSuccess: onClose });
  };
  return (
    <Dialog title={say(artist ? "artists.change" : "artists.add")} onClose={onClose}>
      <form className={forms.form} onSubmit={submit} noValidate>
        {save.error && <ErrorNote error={save.error} />}
        <Textarea
          label={say("artists.names")}
          description={say("artists.namesNote")}
          rows={5}
          data-autofocus
          value={text}
          error={tried && fault}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose}>
            {say("form.cancel")}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {say("form.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
