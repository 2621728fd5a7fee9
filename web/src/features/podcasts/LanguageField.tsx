import { TextInput } from "@mantine/core";
import { useId } from "react";
import { LANGUAGES, useLanguageName } from "./words";

interface LanguageFieldProps {
  label: string;
  description?: string;
  value: string;
  error?: string | false;
  required?: boolean;
  onChange: (tag: string) => void;
}

/** The tag of a language: typed, or taken from a list with the names of those that are wanted most. */
export function LanguageField({
  label,
  description,
  value,
  error = false,
  required = false,
  onChange,
}: LanguageFieldProps) {
  const list = useId();
  const nameOf = useLanguageName();
  const known = LANGUAGES.includes(value) ? nameOf(value) : undefined;
  return (
    <>
      <TextInput
        name="language"
        label={label}
        description={[description, known].filter(Boolean).join(" · ")}
        error={error}
        list={list}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        maxLength={16}
        placeholder={"en, de, zh-CN"}
        required={required}
        withAsterisk={false}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value.trim())}
      />
      <datalist id={list}>
        {LANGUAGES.map((tag) => (
          <option key={tag} value={tag} label={nameOf(tag)} />
        ))}
      </datalist>
    </>
  );
}
