import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useDeleteTask, useSaveTask, useSendTaskFile, type Task } from "@/api/tasks";
import { Card } from "@/components/Card";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { IconTrash } from "@/components/icons";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { changesOf, draftOf, keepDraft } from "./draft";
import { FileSource } from "./SourceField";
import { TaskForm } from "./TaskForm";
import styles from "./TaskForm.module.css";

/** How a playlist is kept; the end of it as well. */
export function SettingsTab({ task }: { task: Task }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const save = useSaveTask(task.id);
  const [ends, setEnds] = useState(false);
  const draftKey = String(task.id);
  return (
    <div className={styles["source"]}>
      {task.platform === "file" && <AnotherFile task={task} />}
      <TaskForm
        draftKey={draftKey}
        first={draftOf(task)}
        task={task}
        busy={save.isPending}
        error={save.error}
        submit={say("form.save")}
        cancel={
          <Button
            variant="default"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => setEnds(true)}
          >
            {say("task.delete")}
          </Button>
        }
        onSubmit={(draft) =>
          save.mutate(changesOf(draft, task), {
            onSuccess: ({ name }) => {
              keepDraft(draftKey, null);
              tell(`${say("task.saved", { name })} ${say("task.unsynced")}`);
            },
          })
        }
      />
      {ends && <Farewell task={task} onClose={() => setEnds(false)} />}
    </div>
  );
}

function AnotherFile({ task }: { task: Task }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const send = useSendTaskFile(task.id);
  return (
    <Card>
      <FileSource
        label={say("task.form.fileNew")}
        onFile={(file) => file && send.mutate(file, { onSuccess: () => tell(say("task.form.fileTaken")) })}
      />
      {send.error && <ErrorNote error={send.error} />}
    </Card>
  );
}

function Farewell({ task, onClose }: { task: Task; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const navigate = useNavigate();
  const end = useDeleteTask();
  return (
    <ConfirmDialog
      title={say("task.delete.title", { name: task.name })}
      text={say("task.delete.text")}
      keep={say("form.keep")}
      go={say("task.delete.go")}
      busy={end.isPending}
      error={end.error}
      onClose={onClose}
      onGo={() =>
        end.mutate(task.id, {
          onSuccess: () => {
            tell(say("task.deleted", { name: task.name }));
            void navigate({ to: "/playlists", search: {} });
          },
        })
      }
    />
  );
}
