import { Autocomplete, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { tagsQuery, useBulk, type Choice } from "@/api/items";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { tagsIn } from "./tags";

/** Gives tags to all that is chosen, or takes them away. */
export function TagDialog({ choice, onClose }: { choice: Choice; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const bulk = useBulk();
  const { data } = useQuery(tagsQuery);
  const [text, setText] = useState("");
  const tags = tagsIn(text);
  const go = (action: "tag" | "untag") => {
    if (tags.length === 0) return;
    bulk.mutate(
      { action, tags, choice },
      {
        onSuccess: ({ count }) => {
          tell(say(action === "tag" ? "library.tagged" : "library.untagged", { count }));
          onClose();
        },
      },
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go("tag");
  };
  return (
    <Dialog title={say("library.addTag")} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <Autocomplete
          label={say("item.tags")}
          description={say("item.tags.note")}
          data={data?.tags.map(({ name }) => name) ?? []}
          comboboxProps={{ withinPortal: false }}
          value={text}
          onChange={setText}
          data-autofocus
        />
        {bulk.error && <ErrorNote error={bulk.error} />}
        <div className={forms.answers}>
          <Button variant="default" disabled={tags.length === 0} onClick={() => go("untag")}>
            {say("library.dropTag")}
          </Button>
          <Button type="submit" disabled={tags.length === 0} loading={bulk.isPending}>
            {say("library.giveTag")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
