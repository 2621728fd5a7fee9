import type { ItemFilter } from "@/api/items";
import type { FacetsOut as Facets } from "@/client";
import { ChoiceField } from "@/components/ChoiceField";
import { useI18n } from "@/i18n";
import { LABELS } from "./labels";

const PARTS = ["tag", "artist", "album", "genre", "site"] as const;
type Set = Pick<ItemFilter, (typeof PARTS)[number] | "link_id">;

interface FacetFieldsProps {
  filter: ItemFilter;
  /** What there is to choose from, as far as it is known. */
  facets: Facets | undefined;
  onSet: (next: Set) => void;
}

/** One of what items have in common, for each part of a filter. */
export function FacetFields({ filter, facets, onSet }: FacetFieldsProps) {
  const { say } = useI18n();
  const message = facets?.is_exact === false ? "library.countedMore" : "library.counted";
  const counted = (value: string, name: string, count: number) =>
    [value, say(message, { name, count })] as const;
  return (
    <>
      {PARTS.map((part) => (
        <OneOf
          key={part}
          label={say(LABELS[part])}
          value={filter[part]}
          values={(facets?.[part] ?? []).map(({ value, count }) => counted(value, value, count))}
          onChange={(value) => onSet({ [part]: value || undefined })}
        />
      ))}
      <OneOf
        label={say(LABELS.link_id)}
        value={filter.link_id}
        values={(facets?.link ?? []).map(({ id, name, count }) => counted(String(id), name, count))}
        onChange={(value) => onSet({ link_id: Number(value) || undefined })}
      />
    </>
  );
}

interface OneOfProps {
  label: string;
  value: string | number | undefined;
  values: readonly (readonly [value: string, name: string])[];
  /** The empty text stands for any of them. */
  onChange: (value: string) => void;
}

/** One of these, or any; what is chosen stays among the choices, whether it is there or not. */
export function OneOf({ label, value, values, onChange }: OneOfProps) {
  const { say } = useI18n();
  const chosen = value === undefined ? "" : String(value);
  const known = chosen === "" || values.some(([each]) => each === chosen);
  const all = ["", say("library.any")] as const;
  return (
    <ChoiceField
      label={label}
      value={chosen}
      options={known ? [all, ...values] : [all, [chosen, chosen] as const, ...values]}
      onChange={onChange}
    />
  );
}
