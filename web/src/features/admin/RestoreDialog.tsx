import { Button, Checkbox, Input } from "@mantine/core";
import { useId, useState } from "react";
import { useImport, useRestore, type Backup } from "@/api/backups";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";

/** Goes back to a backup, or without one takes in a file. Nobody does this by a slip of the hand. */
export function RestoreDialog({ backup, onClose }: { backup?: Backup; onClose: () => void }) {
  const { say, moment } = useI18n();
  const restore = useRestore();
  const take = useImport();
  const [file, setFile] = useState<File | null>(null);
  const [sure, setSure] = useState(false);
  const id = useId();

  const go = () => {
    if (backup) restore.mutate(backup.name, { onSuccess: onClose });
    else if (file) take.mutate(file, { onSuccess: onClose });
  };
  const error = restore.error ?? take.error;
  return (
    <Dialog
      title={
        backup ? say("backups.restoreNamed", { time: moment(backup.created_at) }) : say("backups.import")
      }
      onClose={onClose}
    >
      <div className={forms.form}>
        <p>{say("backups.warning")}</p>
        <p className={forms.note}>{say("backups.safety")}</p>
        {error && <ErrorNote error={error} />}
        {!backup && (
          <Input.Wrapper label={say("backups.file")} labelProps={{ htmlFor: id }}>
            <input
              id={id}
              type="file"
              accept=".sql,application/sql"
              onChange={(event) => setFile(event.currentTarget.files?.[0] ?? null)}
            />
          </Input.Wrapper>
        )}
        <Checkbox
          label={say("backups.sure")}
          checked={sure}
          onChange={(event) => setSure(event.currentTarget.checked)}
        />
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {say("form.cancel")}
          </Button>
          <Button
            color="red"
            disabled={!sure || (!backup && !file)}
            loading={restore.isPending || take.isPending}
            onClick={go}
          >
            {say("backups.restoreDo")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
