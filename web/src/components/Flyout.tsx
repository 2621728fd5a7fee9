import { UnstyledButton } from "@mantine/core";
import {
  useEffect,
  useId,
  useRef,
  useState,
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
} from "react";
import styles from "./Flyout.module.css";

interface FlyoutProps {
  label: string;
  className?: string | undefined;
  button: ReactNode;
  children: ReactNode;
}

/** A button that unfolds a panel beside it; it folds on Escape, on a click elsewhere, and when the focus leaves. */
export function Flyout({ label, className, button, children }: FlyoutProps) {
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    const onPress = (event: PointerEvent) => {
      if (!whole.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", onPress);
    return () => removeEventListener("pointerdown", onPress);
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !open) return;
    setOpen(false);
    opener.current?.focus();
  };
  const onBlur = (event: FocusEvent) => {
    if (event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };
  return (
    <div ref={whole} className={styles["flyout"]} onKeyDown={onKeyDown} onBlur={onBlur}>
      <UnstyledButton
        ref={opener}
        className={className}
        aria-label={label}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {button}
      </UnstyledButton>
      {open && (
        <div id={id} className={styles["panel"]} role="group" aria-label={label}>
          {children}
        </div>
      )}
    </div>
  );
}
