import { ActionIcon, UnstyledButton } from "@mantine/core";
import { Dialog } from "@/components/Dialog";
import { IconDown, IconUp, IconX } from "@/components/icons";
import { useI18n } from "@/i18n";
import styles from "./PlayerBar.module.css";
import { jump, move, remove, type Queue } from "./queue";
import { changeQueue } from "./store";

/** So many tracks before and after this one are shown: a queue may be a whole library. */
const BEFORE = 20;
const AFTER = 100;

/** What is played next, to be put in another order. */
export function QueueDialog({ queue, onClose }: { queue: Queue; onClose: () => void }) {
  const { say, clock } = useI18n();
  const first = Math.max(0, queue.at - BEFORE);
  const shown = queue.tracks.slice(first, queue.at + AFTER);
  return (
    <Dialog title={say("player.queue")} onClose={onClose}>
      <p className={styles["artist"]}>{say("player.count", { count: queue.tracks.length })}</p>
      <ol className={styles["queue"]} start={first + 1}>
        {shown.map(({ key, title, artist, duration }, index) => (
          <li key={key} className={styles["entry"]} aria-current={first + index === queue.at || undefined}>
            <UnstyledButton className={styles["names"]} onClick={() => changeQueue((old) => jump(old, key))}>
              <span className={styles["title"]} dir="auto">
                {title}
              </span>
              <span className={styles["artist"]} dir="auto">
                {[artist, duration ? clock(duration) : null].filter(Boolean).join(" · ")}
              </span>
            </UnstyledButton>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={say("player.up", { title })}
              disabled={first + index === 0}
              onClick={() => changeQueue((old) => move(old, key, -1))}
            >
              <IconUp size={18} aria-hidden />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={say("player.down", { title })}
              disabled={first + index === queue.tracks.length - 1}
              onClick={() => changeQueue((old) => move(old, key, 1))}
            >
              <IconDown size={18} aria-hidden />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={say("player.remove", { title })}
              onClick={() => changeQueue((old) => remove(old, key))}
            >
              <IconX size={18} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
