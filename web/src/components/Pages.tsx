import { Button } from "@mantine/core";
import { useI18n } from "@/i18n";
import { IconLeft, IconRight } from "./icons";
import styles from "./Pages.module.css";

interface PagesProps {
  /** Counts from 1. */
  page: number;
  pages: number;
  onGo: (page: number) => void;
}

/** The way through the pages of a list; nothing where there is only one. */
export function Pages({ page, pages, onGo }: PagesProps) {
  const { say } = useI18n();
  if (pages <= 1) return null;
  return (
    <nav className={styles["pages"]} aria-label={say("downloads.pages")}>
      <Button
        size="xs"
        variant="default"
        disabled={page <= 1}
        onClick={() => onGo(page - 1)}
        leftSection={<IconLeft size={16} aria-hidden />}
      >
        {say("downloads.previous")}
      </Button>
      <span aria-current="page">{say("downloads.page", { page, pages })}</span>
      <Button
        size="xs"
        variant="default"
        disabled={page >= pages}
        onClick={() => onGo(page + 1)}
        rightSection={<IconRight size={16} aria-hidden />}
      >
        {say("downloads.next")}
      </Button>
    </nav>
  );
}
