import { Loader } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { explain } from "@/api/errors";
import { estimateQuery } from "@/api/voices";
import { IconAlert, IconClock } from "@/components/icons";
import { useI18n } from "@/i18n";
import { wishesOf, type Draft } from "./draft";
import styles from "./Make.module.css";

interface EstimateNoteProps {
  draft: Draft;
  hasFiles: boolean;
  ready: boolean;
}

const REST_MS = 900;

/** What it will take, before it costs anything. */
export function EstimateNote({ draft, hasFiles, ready }: EstimateNoteProps) {
  const { say, sayIfKnown, span, language } = useI18n();
  const wishes = useMemo(() => wishesOf(draft), [draft]);
  const [asked] = useDebouncedValue(wishes, REST_MS);
  const enabled = ready && (asked.sources?.length ?? 0) > 0;
  const { data, error, isFetching } = useQuery({ ...estimateQuery(asked), enabled });
  if (hasFiles && draft.added.length === 0 && draft.entry.trim() === "")
    return <p className={styles["estimate"]}>{say("podcasts.estimate.files")}</p>;
  if (!enabled) return null;
  if (error) {
    return (
      <p className={`${styles["estimate"]} ${styles["warn"]}`} role="status">
        <IconAlert size={18} aria-hidden />
        <span>{say("podcasts.estimate.failed", { why: explain(error, { say, sayIfKnown }) })}</span>
      </p>
    );
  }
  if (!data) {
    return (
      <p className={styles["estimate"]} role="status">
        <Loader size={16} aria-hidden />
        {say("podcasts.estimate.asking")}
      </p>
    );
  }
  const number = new Intl.NumberFormat(language);
  const facts = [
    say("podcasts.estimate.minutes", { time: span(data.minutes * 60) }),
    data.seconds !== null && say("podcasts.estimate.takes", { time: span(data.seconds) }),
    data.tokens > 0 && say("podcasts.estimate.tokens", { count: data.tokens }),
    say("podcasts.estimate.characters", { count: data.characters }),
    data.cost === null
      ? data.tokens > 0 && say("podcasts.estimate.noPrice")
      : say("podcasts.estimate.cost", {
          cost: number.format(Math.round(data.cost * 1000) / 1000),
        }),
  ].filter(Boolean);
  return (
    <div className={styles["estimate"]} role="status" aria-busy={isFetching}>
      <IconClock size={18} aria-hidden />
      <span>
        {facts.join(" · ")}
        {data.isExtractive && <span className={styles["dim"]}> {say("podcasts.extractiveNote")}</span>}
        {hasFiles && <span className={styles["dim"]}> {say("podcasts.estimate.files")}</span>}
      </span>
    </div>
  );
}
