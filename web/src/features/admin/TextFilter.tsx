import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

interface TextFilterProps {
  label: string;
  value: string;
  numeric?: boolean;
  onChange: (next: string | undefined) => void;
}

/** Filters while one types, a moment after the last key. */
export function TextFilter({ label, value, numeric = false, onChange }: TextFilterProps) {
  const [text, setText] = useState(value);
  const later = useDebouncedCallback((next: string) => onChange(next.trim() || undefined), 250);
  return (
    <TextInput
      label={label}
      inputMode={numeric ? "numeric" : undefined}
      spellCheck={false}
      autoCapitalize="none"
      autoComplete="off"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value);
      }}
    />
  );
}
