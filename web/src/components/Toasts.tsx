import { Button, CloseButton } from "@mantine/core";
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from "react";
import { explain } from "@/api/errors";
import { useI18n } from "@/i18n";
import { IconAlert, IconCheck } from "./icons";
import styles from "./Toasts.module.css";

interface Toast {
  id: number;
  text: string;
  bad: boolean;
  action?: ToastAction | undefined;
}

interface ToastAction {
  label: string;
  onAct: () => void;
}

interface Toaster {
  /** Says in a corner, and to screen readers, that something is done, and offers to undo it, say. Goes by itself. */
  tell: (text: string, action?: ToastAction) => void;
  /** Says that something failed. Stays until it is closed. */
  complain: (error: unknown) => void;
}

const Context = createContext<Toaster | null>(null);
const SHOWN_FOR_MS = 5000;
/** What can be acted on stays until one has read it and got there. */
const ACTED_ON_FOR_MS = 12_000;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<Toast[]>([]);
  const { say, sayIfKnown } = useI18n();
  const next = useRef(0);

  const close = useCallback((id: number) => setToasts((all) => all.filter((toast) => toast.id !== id)), []);
  const show = useCallback(
    (text: string, bad: boolean, action?: ToastAction) => {
      const id = next.current++;
      setToasts((all) => [
        ...all.filter((toast) => toast.text !== text).slice(-3),
        { id, text, bad, action },
      ]);
      if (!bad) setTimeout(() => close(id), action ? ACTED_ON_FOR_MS : SHOWN_FOR_MS);
    },
    [close],
  );
  const toaster = useMemo<Toaster>(
    () => ({
      tell: (text, action) => show(text, false, action),
      complain: (error) => show(explain(error, { say, sayIfKnown }), true),
    }),
    [show, say, sayIfKnown],
  );

  return (
    <Context value={toaster}>
      {children}
      <div className={styles["toasts"]} role="status" aria-live="polite">
        {toasts.map(({ id, text, bad, action }) => (
          <div key={id} className={`${styles["toast"]} ${bad ? styles["bad"] : styles["good"]}`}>
            {bad ? <IconAlert size={18} aria-hidden /> : <IconCheck size={18} aria-hidden />}
            <span className={styles["text"]}>{text}</span>
            {action && (
              <Button
                size="compact-sm"
                variant="light"
                onClick={() => {
                  close(id);
                  action.onAct();
                }}
              >
                {action.label}
              </Button>
            )}
            <CloseButton size="sm" aria-label={say("error.dismiss")} onClick={() => close(id)} />
          </div>
        ))}
      </div>
    </Context>
  );
}

export function useToasts(): Toaster {
  const toaster = use(Context);
  if (toaster === null) throw new Error("useToasts needs a ToastProvider above it");
  return toaster;
}
