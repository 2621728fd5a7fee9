import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { meQuery } from "@/api/account";
import { collectionsQuery, useMakeCollection } from "@/api/collections";
import { useBulk, type Choice } from "@/api/items";
import { ChoiceField } from "@/components/ChoiceField";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";

const NEW = "new";

/** Puts all that is chosen into a collection, or into one that is made for it. */
export function CollectDialog({ choice, onClose }: { choice: Choice; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const { data, error } = useQuery(collectionsQuery);
  const make = useMakeCollection();
  const bulk = useBulk();
  const { data: me } = useQuery(meQuery);
  // A saved search fills itself; and administrators see those of others, too.
  const manual = data?.collections.filter(({ query, user_id }) => query === null && user_id === me?.id) ?? [];
  const [wanted, setWanted] = useState<string | null>(null);
  const [name, setName] = useState("");
  const chosen = wanted ?? String(manual[0]?.id ?? NEW);

  const add = (id: number, into: string) =>
    bulk.mutate(
      { action: "add_to_collection", collection_id: id, choice },
      {
        onSuccess: ({ count }) => {
          tell(say("library.collected", { count, name: into }));
          onClose();
        },
      },
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const known = manual.find(({ id }) => String(id) === chosen);
    if (known) add(known.id, known.name);
    // If putting it in fails, the collection is there: a second try chooses it.
    else
      make.mutate(
        { name: name.trim() },
        {
          onSuccess: (made) => {
            setWanted(String(made.id));
            add(made.id, made.name);
          },
        },
      );
  };
  const problem = error ?? make.error ?? bulk.error;
  return (
    <Dialog title={say("library.collect")} onClose={onClose}>
      {!data && !error && <LoadingRows count={1} height={60} />}
      {problem && <ErrorNote error={problem} />}
      {data && (
        <form className={forms.form} onSubmit={submit}>
          <ChoiceField
            label={say("library.collection")}
            value={chosen}
            options={[
              ...manual.map(({ id, name: each }) => [String(id), each] as const),
              [NEW, say("library.newCollection")] as const,
            ]}
            onChange={setWanted}
          />
          {chosen === NEW && (
            <TextInput
              label={say("library.collectionName")}
              value={name}
              maxLength={200}
              required
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          <div className={forms.answers}>
            <Button
              type="submit"
              loading={make.isPending || bulk.isPending}
              disabled={chosen === NEW && name.trim() === ""}
            >
              {say("library.collectDo")}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
