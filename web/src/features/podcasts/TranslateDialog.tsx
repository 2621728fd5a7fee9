import { Button, Checkbox } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useTranslateEpisode, type Episode } from "@/api/podcasts";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { isExtractive } from "./EpisodeHead";
import { LanguageField } from "./LanguageField";
import { isLanguage } from "./make/draft";

/** Makes an episode of the same script in another language. */
export function TranslateDialog({ episode, onClose }: { episode: Episode; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const navigate = useNavigate();
  const translate = useTranslateEpisode(episode.id);
  const [language, setLanguage] = useState("");
  const [approve, setApprove] = useState(false);
  const [tried, setTried] = useState(false);
  const good = language !== "" && isLanguage(language);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!good) return;
    translate.mutate(
      { language, approve },
      {
        onSuccess: ({ podcastId }) => {
          tell(say("podcasts.translate.started"));
          onClose();
          void navigate({ to: "/podcasts/$id", params: { id: podcastId }, search: {} });
        },
      },
    );
  };
  return (
    <Dialog title={say("podcasts.translate")} onClose={onClose}>
      <form className={forms.form} onSubmit={submit} noValidate>
        <p className={forms.note}>
          {say("podcasts.translate.note")} {isExtractive(episode) && say("podcasts.translate.model")}
        </p>
        <LanguageField
          label={say("podcasts.translate.to")}
          value={language}
          error={tried && !good && say("podcasts.languageWrong")}
          onChange={setLanguage}
        />
        <Checkbox
          label={say("podcasts.new.approve")}
          checked={approve}
          onChange={(event) => setApprove(event.currentTarget.checked)}
        />
        {translate.error && <ErrorNote error={translate.error} />}
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose}>
            {say("form.cancel")}
          </Button>
          <Button type="submit" loading={translate.isPending}>
            {say("podcasts.translate")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
