import { Button, Checkbox, Input } from "@mantine/core";
import { useEffect, useId, useRef, useState } from "react";
import { useImport, useRestore, type Backup } from "@/api/backups";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ProgressBar } from "@/components/ProgressBar";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";

/** Goes back to a backup, or without one takes in a file. Nobody does this by a slip of the hand. */
export function RestoreDialog({ backup, onClose }: { backup?: Backup; onClose: () => void }) {
  const { say, moment } = useI18n();
  const restore = useRestore();
  const sending = useSending(onClose);
  const [file, setFile] = useState<File | null>(null);
  const [sure, setSure] = useState(false);
  const id = useId();

  const go = () => {
    if (backup) restore.mutate(backup.name, { onSuccess: onClose });
    else if (file) sending.send(file);
  };
  const error = restore.error ?? sending.error;
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
        {file && sending.share !== null ? (
          <Sending file={file} share={sending.share} />
        ) : (
          <>
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
          </>
        )}
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {say(sending.share === null ? "form.cancel" : "backups.stop")}
          </Button>
          <Button
            color="red"
            disabled={!sure || (!backup && !file)}
            loading={restore.isPending || sending.share !== null}
            onClick={go}
          >
            {say("backups.restoreDo")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** Sends a file; whoever closes the dialog meanwhile stops it. `share` is null while nothing is on its way. */
function useSending(onSent: () => void) {
  const { mutate, error, isPending } = useImport();
  const [share, setShare] = useState(0);
  const stop = useRef<AbortController>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const send = (file: File) => {
    setShare(0);
    stop.current = new AbortController();
    mutate({ file, onProgress: setShare, signal: stop.current.signal }, { onSuccess: onSent });
  };
  return { send, error, share: isPending ? share : null };
}

function Sending({ file, share }: { file: File; share: number }) {
  const { say, percent, bytes } = useI18n();
  return (
    <>
      <p>
        {share < 1
          ? say("backups.sending", { share: percent(share), size: bytes(file.size) })
          : say("backups.sent")}
      </p>
      <ProgressBar share={share < 1 ? share : null} label={say("backups.sendProgress")} />
    </>
  );
}
