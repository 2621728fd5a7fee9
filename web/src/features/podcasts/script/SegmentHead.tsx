import { ActionIcon, TextInput } from "@mantine/core";
import { IconDown, IconJoin, IconUp } from "@/components/icons";
import { useI18n } from "@/i18n";
import styles from "./Script.module.css";

interface SegmentHeadProps {
  title: string;
  index: number;
  count: number;
  disabled: boolean;
  onRename: (title: string) => void;
  onMove: (by: -1 | 1) => void;
  onJoin: () => void;
}

/** A chapter's name, and what can be done with it as a whole. */
export function SegmentHead({ title, index, count, disabled, onRename, onMove, onJoin }: SegmentHeadProps) {
  const { say } = useI18n();
  const name = { title: title || say("podcasts.segment.number", { number: index + 1 }) };
  const icon = { variant: "subtle", color: "gray", size: "lg" } as const;
  return (
    <div className={styles["segmentHead"]}>
      <TextInput
        className={styles["segmentTitle"] ?? ""}
        aria-label={say("podcasts.segment.title", { number: index + 1 })}
        maxLength={500}
        disabled={disabled}
        value={title}
        onChange={(event) => onRename(event.currentTarget.value)}
      />
      {count > 1 && (
        <>
          <ActionIcon
            {...icon}
            disabled={disabled || index === 0}
            aria-label={say("podcasts.segment.up", name)}
            onClick={() => onMove(-1)}
          >
            <IconUp size={18} aria-hidden />
          </ActionIcon>
          <ActionIcon
            {...icon}
            disabled={disabled || index === count - 1}
            aria-label={say("podcasts.segment.down", name)}
            onClick={() => onMove(1)}
          >
            <IconDown size={18} aria-hidden />
          </ActionIcon>
          <ActionIcon
            {...icon}
            disabled={disabled}
            aria-label={say("podcasts.segment.join", name)}
            onClick={onJoin}
          >
            <IconJoin size={18} aria-hidden />
          </ActionIcon>
        </>
      )}
    </div>
  );
}
