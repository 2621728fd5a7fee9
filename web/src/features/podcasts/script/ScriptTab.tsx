import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isBusy, scriptQuery, scriptsQuery, type Episode } from "@/api/podcasts";
import { ChoiceField } from "@/components/ChoiceField";
import { forms } from "@/components/Form";
import { IconScript } from "@/components/icons";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import styles from "./Script.module.css";
import { ScriptEditor } from "./ScriptEditor";

/** An episode's script: its versions, and the newest one to be changed. */
export function ScriptTab({ episode }: { episode: Episode }) {
  const { say, sayIfKnown, moment } = useI18n();
  const [wanted, setWanted] = useState<number>();
  const hasScript = episode.scriptVersion !== null;
  const newest = episode.scriptVersion ?? undefined;
  const { data: versions } = useQuery({ ...scriptsQuery(episode.id), enabled: hasScript });
  const shown = wanted === newest ? undefined : wanted;
  const { data, error, refetch } = useQuery({ ...scriptQuery(episode.id, shown), enabled: hasScript });
  if (!hasScript) {
    return (
      <Empty
        icon={<IconScript size={24} />}
        title={say(isBusy(episode) ? "podcasts.script.soon" : "podcasts.script.none")}
      />
    );
  }
  return (
    <div className={forms.form}>
      <div className={styles["top"]}>
        {versions && versions.length > 1 && (
          <ChoiceField
            label={say("podcasts.script.version")}
            value={String(wanted ?? newest)}
            options={versions.map((each) => [
              String(each.version),
              [
                say("podcasts.script.number", { number: each.version }),
                sayIfKnown(`podcasts.origin.${each.origin}`) ?? each.origin,
                moment(each.createdAt),
                each.isApproved && say("podcasts.script.spoken"),
              ]
                .filter(Boolean)
                .join(" · "),
            ])}
            onChange={(version) => setWanted(Number(version))}
          />
        )}
      </div>
      {data?.isExtractive && <p className={forms.note}>{say("podcasts.extractiveNote")}</p>}
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={5} height={96} />}
      {data && (
        <ScriptEditor key={data.version} episode={episode} script={data} isOld={data.version !== newest} />
      )}
    </div>
  );
}
