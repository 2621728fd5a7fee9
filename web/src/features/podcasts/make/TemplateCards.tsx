import { useId } from "react";
import type { Template } from "@/api/templates";
import { useI18n } from "@/i18n";
import { useTemplateWords } from "../templates/words";
import styles from "./Make.module.css";

interface TemplateCardsProps {
  templates: readonly Template[];
  value: string;
  onChange: (id: string) => void;
}

/** How the episode is to be told: one card for each template. */
export function TemplateCards({ templates, value, onChange }: TemplateCardsProps) {
  const { say } = useI18n();
  const name = useId();
  const wordsOf = useTemplateWords();
  return (
    <div className={styles["cards"]} role="radiogroup" aria-label={say("podcasts.new.template")}>
      {templates.map((template) => {
        const { title, about } = wordsOf(template);
        return (
          <label key={template.id} className={styles["card"]}>
            <input
              type="radio"
              name={name}
              className={styles["radio"]}
              checked={template.id === value}
              onChange={() => onChange(template.id)}
            />
            <span className={styles["cardTitle"]} dir="auto">
              {title}
            </span>
            <span className={styles["cardAbout"]} dir="auto">
              {about}
            </span>
          </label>
        );
      })}
    </div>
  );
}
