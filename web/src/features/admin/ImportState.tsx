import { useQuery } from "@tanstack/react-query";
import { importQuery } from "@/api/backups";
import { Card } from "@/components/Card";
import { forms } from "@/components/Form";
import { ProgressBar } from "@/components/ProgressBar";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";

/** How far an import is, and what kept the latest one from being. One that succeeds ends every session. */
export function ImportState() {
  const { say, percent } = useI18n();
  const { data } = useQuery(importQuery);
  if (data?.state === "failed") return <ErrorNote error={say("backups.failed", { why: data.message })} />;
  if (data?.state !== "running") return null;
  return (
    <Card>
      <div className={forms.form}>
        <p role="status">{say("backups.running", { share: percent(data.progress) })}</p>
        <ProgressBar share={data.progress} label={say("backups.progress")} />
        <p className={forms.note}>{say("backups.runningNote")}</p>
      </div>
    </Card>
  );
}
