import { NativeSelect } from "@mantine/core";

interface ChoiceFieldProps<T extends string> {
  label: string;
  description?: string;
  value: T;
  options: readonly (readonly [value: T, label: string])[];
  disabled?: boolean;
  onChange: (next: T) => void;
}

/** One of a few: the browser's own list, which works with every keyboard and on every phone. */
export function ChoiceField<T extends string>({ options, onChange, ...rest }: ChoiceFieldProps<T>) {
  return (
    <NativeSelect
      {...rest}
      data={options.map(([value, label]) => ({ value, label }))}
      onChange={(event) => onChange(event.currentTarget.value as T)}
    />
  );
}
