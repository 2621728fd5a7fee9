import { CloseButton } from "@mantine/core";
import {
  useId,
  useLayoutEffect,
  useRef,
  type KeyboardEventHandler,
  type MouseEvent,
  type ReactNode,
} from "react";
import { useI18n } from "@/i18n";
import styles from "./Dialog.module.css";

interface DialogProps {
  title: string;
  wide?: boolean;
  onClose: () => void;
  onKeyDown?: KeyboardEventHandler<HTMLDialogElement>;
  children: ReactNode;
}

/**
 * A modal dialog, open for as long as it is rendered. It is the browser's own: focus stays inside and goes back
 * afterwards, Escape closes, and the rest of the page is inert, without a line of ours.
 */
export function Dialog({ title, wide = false, onClose, onKeyDown, children }: DialogProps) {
  const { say } = useI18n();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);

  // In the layout phase: the browser hands the focus back only while the dialog is still in the page.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    element?.querySelector<HTMLElement>("[data-autofocus]")?.focus();
    return () => element?.close();
  }, []);

  const onClick = (event: MouseEvent) => {
    // The dialog's own box is its padding; a click that lands on the element outside of it is on the backdrop.
    if (event.target === dialog.current && outside(event, dialog.current)) onClose();
  };
  return (
    <dialog
      ref={dialog}
      className={`${styles["dialog"]} ${wide ? styles["wide"] : ""}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={onClick}
      onKeyDown={onKeyDown}
    >
      <div className={styles["head"]}>
        <h2 id={id} className={styles["title"]} dir="auto">
          {title}
        </h2>
        <CloseButton aria-label={say("app.close")} onClick={onClose} />
      </div>
      {children}
    </dialog>
  );
}

function outside({ clientX, clientY }: MouseEvent, element: Element): boolean {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
