import { useQuery } from "@tanstack/react-query";
import { textQuery, type Episode } from "@/api/podcasts";
import { forms } from "@/components/Form";
import { LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { SourceName } from "../About";
import type { EditTurn } from "./edit";
import { passageOf } from "./passage";
import styles from "./Script.module.css";

/** What the sources say where a turn comes from, with some of what stands around it. */
export function SourcePassage({ episode, turn }: { episode: Episode; turn: EditTurn | null }) {
  const { say } = useI18n();
  const span = turn?.sourceSpan ?? null;
  const source = span && episode.sources.find(({ position }) => position === span.source);
  const address = source?.textUrl ?? "";
  const { data, error } = useQuery({ ...textQuery(address), enabled: address !== "" });
  if (turn === null) return <p className={forms.note}>{say("podcasts.passage.choose")}</p>;
  if (span === null || !source) return <p className={forms.note}>{say("podcasts.passage.none")}</p>;
  const passage = data === undefined ? null : passageOf(data, span);
  return (
    <div className={styles["passage"]}>
      <h3 className={styles["passageTitle"]}>{say("podcasts.passage")}</h3>
      <SourceName source={source} />
      {(error || address === "") && <p className={forms.note}>{say("podcasts.passage.gone")}</p>}
      {data === undefined && !error && address !== "" && <LoadingRows count={1} height={96} />}
      {passage && (
        <blockquote className={styles["quote"]} dir="auto">
          {passage.before}
          <mark className={styles["cited"]}>{passage.cited}</mark>
          {passage.after}
        </blockquote>
      )}
    </div>
  );
}
