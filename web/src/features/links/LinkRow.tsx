import { Button } from "@mantine/core";
import { Link as RouterLink } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useCheckLink, type Link } from "@/api/links";
import { IconCookie, IconEdit, IconFollow, IconRetry } from "@/components/icons";
import { Picture } from "@/components/Picture";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { LinkBadge, stateOf } from "./LinkBadge";
import styles from "./LinkRow.module.css";
import { mendOf, useCounts, useLinkDiagnosis, useNextCheck } from "./words";

interface LinkRowProps {
  link: Link;
  now: number;
  /** What stands before the row: the box that chooses it, say. */
  before?: ReactNode;
}

/** One link as a row: what it is, how it fares, and the one button that helps. */
export function LinkRow({ link, now, before }: LinkRowProps) {
  const { say, ago } = useI18n();
  const next = useNextCheck(link, now);
  const countsOf = useCounts();
  const facts = [say(`link.type.${link.type}`), link.site, ...countsOf(link)];
  return (
    <li className={`${styles["row"]} ${link.status === "error" ? styles["failing"] : ""}`}>
      {before}
      <Picture
        address={link.picture_url}
        fallback={<IconFollow size={20} aria-hidden />}
        className={styles["picture"]}
      />
      <div className={styles["body"]}>
        <RouterLink to="/links/$id" params={{ id: link.id }} className={styles["title"]} dir="auto">
          {link.name}
        </RouterLink>
        <div className={styles["line"]}>
          <LinkBadge state={stateOf(link)} />
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </div>
        <div className={styles["line"]}>
          <span>
            {link.last_checked_at
              ? say("link.checked", { time: ago(link.last_checked_at, now) })
              : say("link.checked.never")}
          </span>
          <span>{next}</span>
          {link.tags.map((tag) => (
            <RouterLink key={tag} to="/links" search={{ tag }} className={styles["tag"]}>
              #{tag}
            </RouterLink>
          ))}
        </div>
        <Trouble link={link} />
      </div>
      <div className={styles["actions"]}>
        <MendButton link={link} />
      </div>
    </li>
  );
}

/** What is wrong with a link, and what to do about it; nothing where all is well. */
export function Trouble({ link }: { link: Link }) {
  const diagnosis = useLinkDiagnosis(link);
  if (diagnosis === null) return null;
  return (
    <p className={styles["said"]}>
      {diagnosis.message} {diagnosis.hint && <span className={styles["hint"]}>{diagnosis.hint}</span>}
    </p>
  );
}

/** The one button: looks anew, or leads to what mends a link that fails. */
export function MendButton({ link, size = "xs" }: { link: Link; size?: "xs" | "sm" }) {
  const { say } = useI18n();
  const { complain } = useToasts();
  const check = useCheckLink();
  const mend = link.status === "error" ? mendOf(link.reason) : "check";
  if (mend !== "check") {
    const Icon = mend === "cookies" ? IconCookie : IconEdit;
    return (
      <Button
        size={size}
        variant="light"
        leftSection={<Icon size={16} aria-hidden />}
        aria-label={say(`link.mend.${mend}Named`, { name: link.name })}
        renderRoot={(props) => (
          <RouterLink to="/links/$id/edit" params={{ id: link.id }} hash={mend} {...props} />
        )}
      >
        {say(`link.mend.${mend}`)}
      </Button>
    );
  }
  return (
    <Button
      size={size}
      variant={link.status === "error" ? "light" : "default"}
      leftSection={<IconRetry size={16} aria-hidden />}
      aria-label={say("link.checkNamed", { name: link.name })}
      loading={check.isPending || link.status === "checking"}
      onClick={() => check.mutate(link.id, { onError: complain })}
    >
      <span className={size === "xs" ? styles["word"] : undefined}>{say("link.check")}</span>
    </Button>
  );
}
