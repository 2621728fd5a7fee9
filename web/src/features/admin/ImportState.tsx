import { useQuery } from "@tanstack/react-query";
import { importQuery } from "@/api/backups";
import { Card } from "@/components/Card";
import { forms } from "@/components/Form";
import { ProgressBar } from "@/components/ProgressBar";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";

/** How far an import is, and what became of the latest one. */
export function ImportState() {
  const { say, percent, ago } = useI18n();
  const { data } = useQuery(importQuery);
  if (data?.state === "failed") return <ErrorNote error={say("backups.failed", { why: data.message })} />;
  if (data?.state === "succeeded")
    return (
      <p className={forms.note} role="status">
        {say("backups.succeeded", {
          count: data.rows ?? 0,
          time: data.finished_at ? ago(data.finished_at) : "",
        })}
      </p>
    );
  if (data?.state !== "running") return null;
  return (
    <Card>
      <div className={forms.form}>
        <p role="status">
          {say(`backups.stage.${data.stage ?? "checking"}`)} {percent(data.progress)}
        </p>
        <ProgressBar share={data.progress} label={say("backups.progress")} />
        <p className={forms.note}>{say("backups.runningNote")}</p>
      </div>
    </Card>
  );
}
