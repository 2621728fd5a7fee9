import { Checkbox, NativeSelect, PasswordInput, Textarea, TextInput } from "@mantine/core";
import type { Setting } from "@/api/settings";
import { useI18n } from "@/i18n";
import { isHidden, isOpen } from "./settings";

interface FieldProps {
  setting: Setting;
  id: string;
  text: string;
  onChange: (text: string) => void;
}

/** A field of the kind that the setting is. Secrets go in and never come out. */
export function SettingField({ setting, id, text, onChange }: FieldProps) {
  const { say } = useI18n();
  const common = { id, disabled: !isOpen(setting), "aria-describedby": `${id}-meaning` };
  if (setting.type === "boolean") {
    return (
      <Checkbox
        {...common}
        checked={text === "true"}
        onChange={(event) => onChange(String(event.currentTarget.checked))}
      />
    );
  }
  const typed = {
    ...common,
    value: text,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  if (setting.choices) return <NativeSelect {...typed} data={setting.choices} />;
  if (isHidden(setting)) {
    return (
      <PasswordInput
        {...typed}
        autoComplete="new-password"
        placeholder={say(setting.has_value ? "settings.secretSet" : "settings.secretUnset")}
        visibilityToggleButtonProps={{ "aria-label": say("account.password.show"), tabIndex: 0 }}
      />
    );
  }
  if (setting.name === "site_cookies_json") return <Textarea {...typed} rows={4} spellCheck={false} />;
  const isNumber = setting.type === "number" || setting.type === "integer";
  return (
    <TextInput
      {...typed}
      autoComplete="off"
      spellCheck={false}
      inputMode={isNumber ? "decimal" : undefined}
      placeholder={setting.has_value ? undefined : say("settings.secretUnset")}
    />
  );
}
