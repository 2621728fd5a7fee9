import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { Card } from "@/components/Card";
import { Mark } from "@/components/Mark";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { LANGUAGES, type Language } from "@/i18n/language";
import styles from "./AccountFrame.module.css";

interface FrameProps {
  title: string;
  lead: string;
  /** Something to know before the form. */
  note?: string | undefined;
  children: ReactNode;
  /** A link to the other form. */
  other?: ReactNode;
}

/** The frame around login and sign-up: they have no navigation, but the choice of language. */
export function AccountFrame({ title, lead, note, children, other }: FrameProps) {
  const { say, language, setLanguage } = useI18n();
  const { complain } = useToasts();
  return (
    <main className={styles["page"]}>
      <title>{`${title} · ${say("app.name")}`}</title>
      <div className={styles["frame"]}>
        <div className={styles["head"]}>
          <Mark size={56} />
          <h1>{title}</h1>
          <p className={styles["lead"]}>{lead}</p>
        </div>
        {note && (
          <p className={styles["note"]} role="status">
            {note}
          </p>
        )}
        <Card>{children}</Card>
        <div className={styles["foot"]}>
          {other}
          <div className={styles["languages"]} role="group" aria-label={say("menu.language")}>
            {Object.entries(LANGUAGES).map(([tag, ownName]) => (
              <UnstyledButton
                key={tag}
                lang={tag}
                aria-pressed={tag === language}
                onClick={() => void setLanguage(tag as Language).catch(complain)}
              >
                {ownName}
              </UnstyledButton>
            ))}
          </div>
        </div>
      </div>
    </main>
  );
}

export { styles as frameStyles };
