import { Button } from "@mantine/core";
import { useId, useState, type FormEvent } from "react";
import { useResetSetting, useSaveSetting, type Setting } from "@/api/settings";
import { IconLock } from "@/components/icons";
import { ErrorNote } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { SettingField } from "./SettingField";
import { asText, asValue, isHidden, isOpen, type Words } from "./settings";
import styles from "./SettingsPage.module.css";

/** One setting: what it means, where its value comes from, and a field of the fitting kind. */
export function SettingRow({ setting, words }: { setting: Setting; words: Words }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const save = useSaveSetting();
  const reset = useResetSetting();
  const id = useId();
  const stored = asText(setting.value);
  // Null while nothing is being changed: what the server says then shows, also when it changes.
  const [draft, setDraft] = useState<string | null>(null);
  const changed = draft !== null && draft !== stored;
  const { title, meaning } = words;

  const discard = () => {
    setDraft(null);
    save.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!changed) return;
    save.mutate(
      { name: setting.name, value: asValue(setting, draft) },
      {
        onSuccess: () => {
          discard();
          tell(say("settings.saved", { name: title }));
        },
      },
    );
  };
  const toDefault = () =>
    reset.mutate(setting.name, { onSuccess: () => tell(say("settings.wasReset", { name: title })) });

  const error = save.error ?? reset.error;
  return (
    <li className={styles["setting"]}>
      <div className={styles["about"]}>
        <div className={styles["name"]}>
          <label htmlFor={id}>{title}</label>
          {setting.needs_restart && <Tag>{say("settings.restart")}</Tag>}
        </div>
        <p id={`${id}-meaning`} className={styles["meaning"]}>
          <Coded text={meaning} />
        </p>
        <Origin setting={setting} />
      </div>
      <form className={styles["field"]} onSubmit={submit} noValidate>
        <SettingField setting={setting} id={id} text={draft ?? stored} onChange={setDraft} />
        {error && <ErrorNote error={error} />}
        {changed && (
          <div className={styles["answers"]}>
            <Button size="xs" type="submit" loading={save.isPending}>
              {say("form.save")}
            </Button>
            <Button size="xs" variant="default" onClick={discard}>
              {say("settings.discard")}
            </Button>
          </div>
        )}
        {!changed && setting.source === "saved" && (
          <div className={styles["answers"]}>
            <Button
              size="xs"
              variant="default"
              aria-label={say("settings.resetNamed", { name: title })}
              loading={reset.isPending}
              onClick={toDefault}
            >
              {say("settings.reset")}
            </Button>
          </div>
        )}
      </form>
    </li>
  );
}

/** Where the value comes from; of one that is fixed elsewhere, the variable to look for. */
function Origin({ setting }: { setting: Setting }) {
  const { say } = useI18n();
  if (!isOpen(setting)) {
    return (
      <p className={styles["origin"]}>
        <IconLock size={14} aria-hidden />
        {say(setting.locked ? "settings.locked" : "settings.startOnly")}{" "}
        <code>{setting.locked_by ?? setting.variables[0]}</code>
      </p>
    );
  }
  const fallback = asText(setting.default);
  return (
    <p className={styles["origin"]}>
      {say(setting.source === "saved" ? "settings.source.saved" : "settings.source.default")}
      {setting.source === "saved" && fallback !== "" && !isHidden(setting) && (
        <> · {say("settings.default", { value: fallback })}</>
      )}
    </p>
  );
}

/** Text with `code` between backticks. */
function Coded({ text }: { text: string }) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}
