import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useAddTask } from "@/api/tasks";
import { backLink, Screen } from "@/components/Screen";
import { useToasts } from "@/components/Toasts";
import { dropFromDraft } from "@/features/home/draft";
import { findLinks } from "@/features/home/links";
import { useI18n } from "@/i18n";
import { creationOf, emptyDraft, keepDraft } from "./draft";
import { TaskForm } from "./TaskForm";

const route = getRouteApi("/shell/playlists/new");

/** Keeps a playlist in step from now on. */
export default function NewTaskPage() {
  const { say } = useI18n();
  const { tell } = useToasts();
  const { text = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const add = useAddTask();
  // What was typed for one playlist is nothing for another.
  const draftKey = `new ${text}`;
  return (
    <Screen
      title={say("task.new")}
      back={<Link to="/playlists" search={{}} {...backLink(say("places.playlists"))} />}
    >
      <TaskForm
        draftKey={draftKey}
        first={emptyDraft(text)}
        busy={add.isPending}
        error={add.error}
        submit={say("task.new.submit")}
        cancel={
          <Button
            variant="default"
            renderRoot={(props) => <Link to="/playlists" search={{}} {...props} />}
            onClick={() => keepDraft(draftKey, null)}
          >
            {say("form.cancel")}
          </Button>
        }
        onSubmit={(draft, file) =>
          add.mutate(
            { values: creationOf(draft), file: draft.from === "file" ? file : null },
            {
              onSuccess: (task) => {
                keepDraft(draftKey, null);
                for (const link of findLinks(text)) dropFromDraft(link);
                tell(say("task.new.done", { name: task.name }));
                void navigate({ to: "/playlists/$id", params: { id: task.id }, search: {} });
              },
            },
          )
        }
      />
    </Screen>
  );
}
