import { Button, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { ApiError } from "@/api/errors";
import { FORMATS, useAddTemplate, useSaveTemplate, type Template } from "@/api/templates";
import { ChoiceField } from "@/components/ChoiceField";
import { Dialog } from "@/components/Dialog";
import { Fold } from "@/components/Fold";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { LanguageField } from "../LanguageField";
import styles from "../make/Make.module.css";
import { MusicFields } from "../make/MusicFields";
import { SpeakersField } from "../make/SpeakersField";
import { draftOf, faultsByField, fieldsOf, wrongIn, type TemplateDraft, type TemplateField } from "./draft";
import { useTemplateWords } from "./words";

interface TemplateDialogProps {
  /** To be changed or copied; left out: a new one. */
  template?: Template;
  asCopy?: boolean;
  onClose: () => void;
}

/** Makes a template or changes one; what is wrong stands at the field. */
export function TemplateDialog({ template, asCopy = false, onClose }: TemplateDialogProps) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const wordsOf = useTemplateWords();
  const isNew = template === undefined || asCopy;
  const [draft, setDraft] = useState<TemplateDraft>(() =>
    draftOf(
      template,
      asCopy && template ? say("podcasts.templates.copyOf", { title: wordsOf(template).title }) : undefined,
    ),
  );
  const [tried, setTried] = useState(false);
  const add = useAddTemplate();
  const save = useSaveTemplate(template?.id ?? "");
  const { error, isPending } = isNew ? add : save;
  const faults = error instanceof ApiError ? faultsByField(error.cause) : {};
  const wrong = wrongIn(draft);
  const change = (part: Partial<TemplateDraft>) => setDraft((old) => ({ ...old, ...part }));
  const faultOf = (field: TemplateField, words: string) =>
    tried && wrong.includes(field) ? words : faults[field];
  const done = () => {
    tell(say("podcasts.templates.saved", { title: draft.name.trim() }));
    onClose();
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (wrong.length > 0) event.currentTarget.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
    else if (isNew) add.mutate(fieldsOf(draft), { onSuccess: done });
    else save.mutate(fieldsOf(draft), { onSuccess: done });
  };
  return (
    <Dialog title={say(isNew ? "podcasts.templates.add" : "podcasts.templates.edit")} wide onClose={onClose}>
      <form className={forms.form} onSubmit={submit} noValidate>
        <TextInput
          data-autofocus
          label={say("podcasts.templates.name")}
          maxLength={200}
          error={faultOf("name", say("podcasts.templates.noName"))}
          value={draft.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          label={say("podcasts.templates.about")}
          maxLength={2000}
          error={faults.description}
          value={draft.description}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        <Textarea
          autosize
          minRows={3}
          maxRows={14}
          label={say("podcasts.new.instructions")}
          description={say("podcasts.templates.instructionsNote")}
          maxLength={20_000}
          error={faults.instructions}
          value={draft.instructions}
          onChange={(event) => change({ instructions: event.currentTarget.value })}
        />
        <div className={styles["pair"]}>
          <ChoiceField
            label={say("podcasts.new.format")}
            value={draft.format}
            options={[
              ["", say("podcasts.templates.formatBySpeakers")],
              ...FORMATS.map((each) => [each, say(`podcasts.format.${each}`)] as const),
            ]}
            onChange={(format) => change({ format })}
          />
          <TextInput
            inputMode="decimal"
            label={say("podcasts.new.minutes")}
            placeholder={say("podcasts.new.minutesAny")}
            error={faultOf("minutes", say("podcasts.new.minutesWrong"))}
            value={draft.minutes}
            onChange={(event) => change({ minutes: event.currentTarget.value })}
          />
          <LanguageField
            label={say("podcasts.new.language")}
            value={draft.language}
            error={faultOf("language", say("podcasts.languageWrong")) ?? false}
            onChange={(language) => change({ language })}
          />
          <TextInput
            label={say("podcasts.templates.style")}
            placeholder={say("podcasts.speakers.stylePlaceholder")}
            maxLength={500}
            error={faults.style}
            value={draft.style}
            onChange={(event) => change({ style: event.currentTarget.value })}
          />
        </div>
        <Fold
          title={say("podcasts.new.speakers")}
          note={draft.speakers.map(({ name }) => name).join(", ") || say("podcasts.new.speakersUsual")}
          open={faults.speakers !== undefined}
        >
          <SpeakersField
            speakers={draft.speakers}
            language={draft.language}
            fault={faultOf("speakers", say("podcasts.new.speakersWrong")) ?? false}
            onChange={(speakers) => change({ speakers })}
          />
        </Fold>
        <MusicFields music={draft.music} onChange={(music) => change({ music })} />
        {faults.music && <ErrorNote error={faults.music} />}
        {error && (Object.keys(faults).length === 0 || faults[""]) && <ErrorNote error={error} />}
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose}>
            {say("form.cancel")}
          </Button>
          <Button type="submit" loading={isPending}>
            {say("form.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
