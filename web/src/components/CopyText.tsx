import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { useI18n } from "@/i18n";
import { IconCheck, IconCopy } from "./icons";
import styles from "./CopyText.module.css";

/** Something to take along, with a button that copies it. */
export function CopyText({ label, text }: { label: string; text: string }) {
  const { say } = useI18n();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);

  const copy = async () => {
    field.current?.select();
    setCopied(await toClipboard(text));
  };
  return (
    <div className={styles["copy"]}>
      <input
        ref={field}
        readOnly
        className={styles["text"]}
        aria-label={label}
        value={text}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button
        variant="default"
        leftSection={copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
        onClick={() => void copy()}
      >
        {say(copied ? "copy.done" : "copy.do")}
      </Button>
    </div>
  );
}

/** Without https browsers keep the clipboard back: what is selected can be copied the old way all the same. */
async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}
