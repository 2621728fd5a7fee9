import { useUndoTask, type Task } from "@/api/tasks";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";

/** Asks before the last sync that changed something is undone. */
export function UndoDialog({ task, onClose }: { task: Task; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const undo = useUndoTask();
  return (
    <ConfirmDialog
      title={say("run.undo.title")}
      text={say("run.undo.text")}
      keep={say("form.keep")}
      go={say("run.undo.go")}
      busy={undo.isPending}
      error={undo.error}
      onClose={onClose}
      onGo={() =>
        undo.mutate(task.id, {
          onSuccess: () => {
            tell(say("run.undo.done"));
            onClose();
          },
        })
      }
    />
  );
}
