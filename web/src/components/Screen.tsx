import { useEffect, useId, useRef, type ReactNode } from "react";
import { useI18n } from "@/i18n";
import { IconBack } from "./icons";
import styles from "./Screen.module.css";

interface ScreenProps {
  title: string;
  /** A link to the screen above this one. */
  back?: ReactNode;
  actions?: ReactNode;
  /** The title is for the window and for screen readers only where the screen has a better one of its own. */
  children: ReactNode;
}

/** Letters of a title that would fill a phone's whole window in the usual size. */
const LONG = 100;

/** The first screen after loading leaves the focus where the browser put it. */
let first = true;

/** One screen: names the window and, after a change of screen, hands the focus to its heading. */
export function Screen({ title, back, actions, children }: ScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { say } = useI18n();

  useEffect(() => {
    if (!first && !document.activeElement?.matches("input, textarea")) {
      heading.current?.focus({ preventScroll: true });
    }
    first = false;
  }, []);

  return (
    <div className={styles["screen"]}>
      <title>{`${title} · ${say("app.name")}`}</title>
      {back}
      <div className={styles["head"]}>
        <h1
          ref={heading}
          tabIndex={-1}
          dir="auto"
          className={`${styles["title"]} ${title.length > LONG ? styles["long"] : ""}`}
        >
          {title}
        </h1>
        {actions && <div className={styles["actions"]}>{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** The way back to the screen above; wraps a router link so that its target stays typed. */
export function backLink(text: string) {
  return {
    className: styles["back"],
    children: (
      <>
        <IconBack size={16} aria-hidden />
        {text}
      </>
    ),
  };
}

interface SectionProps {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}

/** A part of a screen under its own heading. */
export function Section({ title, aside, children }: SectionProps) {
  const id = useId();
  return (
    <section className={styles["section"]} aria-labelledby={id}>
      <div className={styles["sectionHead"]}>
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
