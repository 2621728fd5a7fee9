import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  backupFile,
  backupsQuery,
  DATABASE_EXPORT,
  useDeleteBackup,
  useMakeBackup,
  type Backup,
} from "@/api/backups";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { forms } from "@/components/Form";
import { IconBackup, IconDownload, IconPlus, IconUpload } from "@/components/icons";
import { Row, Rows } from "@/components/Rows";
import { Section } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { AdminScreen } from "./AdminScreen";
import { ImportState } from "./ImportState";
import { RestoreDialog } from "./RestoreDialog";

/** The whole database in files: making, taking away, and going back to one. */
export default function BackupsPage() {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const { data, error, refetch } = useQuery(backupsQuery);
  const make = useMakeBackup();
  const [importing, setImporting] = useState(false);
  const makeNow = (
    <Button
      size="sm"
      leftSection={<IconPlus size={16} aria-hidden />}
      loading={make.isPending}
      onClick={() =>
        make.mutate(undefined, { onSuccess: () => tell(say("backups.made")), onError: complain })
      }
    >
      {say("backups.make")}
    </Button>
  );
  return (
    <AdminScreen place="backups" actions={makeNow}>
      <ImportState />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={3} height={64} />}
      {data?.length === 0 && (
        <Empty icon={<IconBackup size={24} />} title={say("backups.none")} note={say("backups.noneNote")} />
      )}
      {data && data.length > 0 && (
        <Rows label={say("admin.backups")}>
          {data.map((backup) => (
            <BackupRow key={backup.name} backup={backup} />
          ))}
        </Rows>
      )}
      <Section title={say("backups.move")}>
        <p className={forms.note}>{say("backups.moveNote")}</p>
        <div className={forms.answersLeft}>
          <Button
            variant="default"
            component="a"
            href={DATABASE_EXPORT}
            download
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {say("backups.export")}
          </Button>
          <Button
            variant="default"
            leftSection={<IconUpload size={16} aria-hidden />}
            onClick={() => setImporting(true)}
          >
            {say("backups.import")}
          </Button>
        </div>
      </Section>
      {importing && <RestoreDialog onClose={() => setImporting(false)} />}
    </AdminScreen>
  );
}

function BackupRow({ backup }: { backup: Backup }) {
  const { say, moment, ago, bytes } = useI18n();
  const { tell } = useToasts();
  const remove = useDeleteBackup();
  const [dialog, setDialog] = useState<"restore" | "delete" | null>(null);
  const time = moment(backup.created_at);
  const close = () => setDialog(null);
  return (
    <Row
      title={
        <>
          <time dateTime={backup.created_at}>{time}</time>
          <Tag>{say(`backups.kind.${backup.kind}`)}</Tag>
        </>
      }
      facts={[ago(backup.created_at), bytes(backup.size), backup.name]}
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            component="a"
            href={backupFile(backup)}
            download
            aria-label={say("backups.downloadNamed", { time })}
          >
            {say("backups.download")}
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={say("backups.restoreNamed", { time })}
            onClick={() => setDialog("restore")}
          >
            {say("backups.restore")}
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={say("backups.deleteNamed", { time })}
            onClick={() => setDialog("delete")}
          >
            {say("backups.delete")}
          </Button>
        </>
      }
    >
      {dialog === "restore" && <RestoreDialog backup={backup} onClose={close} />}
      {dialog === "delete" && (
        <ConfirmDialog
          title={say("backups.deleteTitle")}
          text={say("backups.deleteText", { time })}
          keep={say("form.keep")}
          go={say("backups.delete")}
          busy={remove.isPending}
          error={remove.error}
          onClose={close}
          onGo={() => remove.mutate(backup.name, { onSuccess: () => tell(say("backups.deleted", { time })) })}
        />
      )}
    </Row>
  );
}
