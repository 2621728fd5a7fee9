import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { tagsQuery, useBulk, useSetTags, type Choice, type Item } from "@/api/items";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { TagsField } from "@/components/TagsField";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";

const namesOf = (data: { tags: { name: string }[] } | undefined) => data?.tags.map(({ name }) => name) ?? [];

/** Gives tags to all that is chosen, or takes them away. */
export function TagDialog({ choice, onClose }: { choice: Choice; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const bulk = useBulk();
  const { data } = useQuery(tagsQuery);
  const [tags, setTags] = useState<string[]>([]);
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
        <TagsField value={tags} known={namesOf(data)} onChange={setTags} />
        {bulk.error && <ErrorNote error={bulk.error} />}
        <div className={forms.answers}>
          <Button variant="default" onClick={() => go("untag")}>
            {say("library.dropTag")}
          </Button>
          <Button type="submit" loading={bulk.isPending}>
            {say("library.giveTag")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** All tags of one item. */
export function ItemTagsDialog({ item, onClose }: { item: Item; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const save = useSetTags();
  const { data } = useQuery(tagsQuery);
  const [tags, setTags] = useState<string[]>(item.tags);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const done = () => {
      tell(say("item.tags.saved"));
      onClose();
    };
    save.mutate({ item, wanted: tags }, { onSuccess: done });
  };
  return (
    <Dialog title={say("item.tags")} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <TagsField value={tags} known={namesOf(data)} onChange={setTags} />
        {save.error && <ErrorNote error={save.error} />}
        <div className={forms.answers}>
          <Button type="submit" loading={save.isPending}>
            {say("item.tags.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
