import { Button } from "@mantine/core";
import styles from "./ConfirmDialog.module.css";
import { Dialog } from "./Dialog";
import { ErrorNote } from "./states";

interface ConfirmProps {
  title: string;
  text: string;
  keep: string;
  go: string;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onGo: () => void;
}

/** Asks before something that cannot be undone. The safe answer has the focus. */
export function ConfirmDialog({ title, text, keep, go, busy, error, onClose, onGo }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      {error !== null && <ErrorNote error={error} />}
      <div className={styles["answers"]}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {keep}
        </Button>
        <Button color="red" loading={busy} onClick={onGo}>
          {go}
        </Button>
      </div>
    </Dialog>
  );
}
