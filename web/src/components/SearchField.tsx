import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import { IconSearch } from "./icons";

interface SearchFieldProps {
  label: string;
  /** What the address of the screen says is searched for. */
  value: string;
  className?: string | undefined;
  onSearch: (wanted: string | undefined) => void;
}

/** Searches while one types. What is searched for is kept by whoever uses it, in the address of the screen. */
export function SearchField({ label, value, className, onSearch }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const [sent, setSent] = useState(value);
  const search = useDebouncedCallback((wanted: string) => {
    const next = wanted.trim() || undefined;
    setSent(next ?? "");
    onSearch(next);
  }, 250);

  // The address changed by other means than this box: the way back, or the link that shows everything.
  if (value !== seen) {
    setSeen(value);
    if (value !== sent) {
      setSent(value);
      setText(value);
    }
  }
  return (
    <TextInput
      type="search"
      className={className}
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={18} aria-hidden />}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        search(event.currentTarget.value);
      }}
    />
  );
}
