import { Checkbox } from "@mantine/core";
import { Dialog } from "@/components/Dialog";
import { useI18n } from "@/i18n";
import styles from "./Help.module.css";
import panel from "./Panel.module.css";

const KEYS = [
  [["j", "↓"], "review.key.down"],
  [["k", "↑"], "review.key.up"],
  [["a"], "review.key.accept"],
  [["1", "…", "5"], "review.key.pick"],
  [["x"], "review.key.refuse"],
  [["s"], "review.key.search"],
  [["n"], "review.key.never"],
  [["l"], "review.key.leave"],
  [["u"], "review.key.undo"],
  [["?"], "review.key.help"],
] as const;

interface HelpProps {
  keys: boolean;
  onKeys: (on: boolean) => void;
  onClose: () => void;
}

/** What the single keys do, and a switch for who needs them otherwise. */
export function Help({ keys, onKeys, onClose }: HelpProps) {
  const { say } = useI18n();
  return (
    <Dialog title={say("review.keys")} onClose={onClose}>
      <dl className={styles["keys"]}>
        {KEYS.map(([names, meaning]) => (
          <div key={meaning} className={styles["key"]}>
            <dt>
              {names.map((name) => (
                <kbd key={name} className={panel["key"]}>
                  {name}
                </kbd>
              ))}
            </dt>
            <dd>{say(meaning)}</dd>
          </div>
        ))}
      </dl>
      <p className={styles["note"]}>{say("review.lasting")}</p>
      <Checkbox
        label={say("review.keysOn")}
        checked={keys}
        onChange={(event) => onKeys(event.currentTarget.checked)}
      />
    </Dialog>
  );
}
