import { CloseButton, TextInput } from "@mantine/core";
import { useId, useState, type KeyboardEvent } from "react";
import { tagsIn } from "./tags";
import { useI18n } from "@/i18n";
import styles from "./TagsField.module.css";

interface TagsFieldProps {
  value: readonly string[];
  /** What there is already, offered while one types. */
  known: readonly string[];
  onChange: (tags: string[]) => void;
}

/** Words that are given one by one: Enter, a comma or leaving the field takes what was typed. */
export function TagsField({ value, known, onChange }: TagsFieldProps) {
  const { say } = useI18n();
  const [text, setText] = useState("");
  const list = useId();
  const take = (typed: string) => {
    const added = tagsIn([...value, typed].join(","));
    if (added.length !== value.length) onChange(added);
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && text.trim() !== "") {
      event.preventDefault();
      take(text);
    } else if (event.key === "Backspace" && text === "") onChange(value.slice(0, -1));
  };
  return (
    <div className={styles["field"]}>
      {value.length > 0 && (
        <ul className={styles["tags"]} aria-label={say("item.tags")}>
          {value.map((tag) => (
            <li key={tag} className={styles["tag"]}>
              <span dir="auto">{tag}</span>
              <CloseButton
                size="sm"
                aria-label={say("item.tags.drop", { tag })}
                onClick={() => onChange(value.filter((each) => each !== tag))}
              />
            </li>
          ))}
        </ul>
      )}
      <TextInput
        label={say("item.tags.new")}
        description={say("item.tags.note")}
        list={list}
        value={text}
        maxLength={500}
        onChange={({ currentTarget }) =>
          /[,，、;；]$/.test(currentTarget.value) ? take(currentTarget.value) : setText(currentTarget.value)
        }
        onKeyDown={onKeyDown}
        onBlur={() => text.trim() !== "" && take(text)}
        data-autofocus
      />
      <datalist id={list}>
        {known
          .filter((tag) => !value.includes(tag))
          .map((tag) => (
            <option key={tag} value={tag} />
          ))}
      </datalist>
    </div>
  );
}
