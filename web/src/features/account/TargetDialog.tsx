import { Button, Checkbox, TextInput } from "@mantine/core";
import { useId, useState, type FormEvent } from "react";
import {
  DIGESTS,
  NOTICE_EVENTS,
  useAddTarget,
  useSaveTarget,
  type Digest,
  type NoticeEvent,
  type Target,
} from "@/api/notifications";
import { ChoiceField } from "@/components/ChoiceField";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";

/** Adds a place to be told at, or changes one. Its address goes in and never comes out. */
export function TargetDialog({ target, onClose }: { target?: Target; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const add = useAddTarget();
  const save = useSaveTarget(target?.id ?? 0);
  const [url, setUrl] = useState("");
  const [name, setName] = useState(target?.name ?? "");
  const [events, setEvents] = useState<readonly NoticeEvent[]>(target?.events ?? NOTICE_EVENTS);
  const [digest, setDigest] = useState<Digest>(target?.digest ?? "at_once");
  const [enabled, setEnabled] = useState(target?.is_enabled ?? true);
  const id = useId();
  const ready = events.length > 0 && (target !== undefined || url.trim() !== "");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const said = {
      ...(name.trim() === "" ? {} : { name: name.trim() }),
      events: [...events],
      digest,
      is_enabled: enabled,
    };
    const onSuccess = ({ name: saved }: Target) => {
      tell(say("notices.saved", { name: saved }));
      onClose();
    };
    if (target === undefined) add.mutate({ ...said, url: url.trim() }, { onSuccess });
    else save.mutate({ ...said, ...(url.trim() === "" ? {} : { url: url.trim() }) }, { onSuccess });
  };
  const toggle = (one: NoticeEvent, on: boolean) =>
    setEvents(NOTICE_EVENTS.filter((each) => (each === one ? on : events.includes(each))));
  const error = add.error ?? save.error;
  return (
    <Dialog
      title={target ? say("notices.editNamed", { name: target.name }) : say("notices.add")}
      onClose={onClose}
    >
      <form className={forms.form} onSubmit={submit} noValidate>
        {error && <ErrorNote error={error} />}
        <TextInput
          label={say(target ? "notices.newUrl" : "notices.url")}
          description={say("notices.urlNote")}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          data-autofocus
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
        />
        <TextInput
          label={say("link.form.name")}
          description={say("notices.nameNote")}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className={forms.form} role="group" aria-labelledby={id}>
          <span id={id}>{say("notices.events")}</span>
          {NOTICE_EVENTS.map((each) => (
            <Checkbox
              key={each}
              label={say(`notices.event.${each}`)}
              checked={events.includes(each)}
              onChange={(event) => toggle(each, event.currentTarget.checked)}
            />
          ))}
        </div>
        <ChoiceField
          label={say("notices.digest")}
          value={digest}
          options={DIGESTS.map((each) => [each, say(`notices.digest.${each}`)] as const)}
          onChange={setDigest}
        />
        <Checkbox
          label={say("notices.enabled")}
          checked={enabled}
          onChange={(event) => setEnabled(event.currentTarget.checked)}
        />
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose}>
            {say("form.cancel")}
          </Button>
          <Button type="submit" disabled={!ready} loading={add.isPending || save.isPending}>
            {say("form.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
