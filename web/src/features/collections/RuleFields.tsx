import { Checkbox, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Rule } from "@/api/collections";
import { facetsQuery, KINDS, stated, type ItemFilter, type Kind } from "@/api/items";
import { ChoiceField } from "@/components/ChoiceField";
import { forms } from "@/components/Form";
import { useI18n } from "@/i18n";
import { FacetFields } from "../library/FacetFields";
import { Rule as Conditions } from "./Rule";
import styles from "./RuleFields.module.css";
import { othersOf, ruleWith } from "./rules";

interface RuleFieldsProps {
  query: Rule;
  onChange: (next: Rule) => void;
}

/** What a saved search asks for, to be changed. What only other programs set stays as it is. */
export function RuleFields({ query, onChange }: RuleFieldsProps) {
  const { say } = useI18n();
  const filter = stated(query) as ItemFilter;
  // Of the whole library, whatever else is chosen: what is chosen can so be exchanged for something else.
  const { data: facets } = useQuery(facetsQuery({ kind: filter.kind }));
  const others = othersOf(query);
  const set = (next: ItemFilter) => onChange(ruleWith(query, next));
  return (
    <fieldset className={forms.group}>
      <legend>{say("rule.label")}</legend>
      <TextInput
        label={say("rule.wordsField")}
        value={filter.q ?? ""}
        maxLength={200}
        onChange={(event) => set({ q: event.currentTarget.value })}
      />
      <div className={styles["fields"]}>
        <ChoiceField
          label={say("library.kind")}
          value={filter.kind ?? ""}
          options={[
            ["", say("library.any")] as const,
            ...KINDS.map((kind) => [kind, say(`kind.${kind}`)] as const),
          ]}
          onChange={(kind: Kind | "") => set({ kind: kind || undefined })}
        />
        <FacetFields filter={filter} facets={facets} onSet={set} />
      </div>
      <Checkbox
        label={say("rule.onlyFavourites")}
        checked={filter.is_favourite === true}
        onChange={(event) => set({ is_favourite: event.currentTarget.checked || undefined })}
      />
      {Object.keys(others).length > 0 && (
        <>
          <p className={forms.note}>{say("rule.others")}</p>
          <Conditions query={others} />
        </>
      )}
    </fieldset>
  );
}
