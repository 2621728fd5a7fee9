import { Button, Textarea, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useChangeCollection, useMakeCollection, type Collection } from "@/api/collections";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { RuleFields } from "./RuleFields";

interface CollectionDialogProps {
  /** The one to change; without it a new one is made, to be filled by hand. */
  collection?: Collection;
  onClose: () => void;
  onDone: (collection: Collection) => void;
}

/** Name and description of a collection; of a saved search also what it asks for. */
export function CollectionDialog({ collection, onClose, onDone }: CollectionDialogProps) {
  const { say } = useI18n();
  const make = useMakeCollection();
  const change = useChangeCollection();
  const [name, setName] = useState(collection?.name ?? "");
  const [description, setDescription] = useState(collection?.description ?? "");
  const [query, setQuery] = useState(collection?.query ?? null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = { name: name.trim(), description: description.trim() || null };
    const done = { onSuccess: onDone };
    if (!collection) make.mutate(wanted, done);
    else change.mutate({ id: collection.id, ...wanted, ...(query ? { query } : {}) }, done);
  };
  const error = make.error ?? change.error;
  return (
    <Dialog title={say(collection ? "collections.edit" : "library.newCollection")} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <TextInput
          label={say("collections.name")}
          value={name}
          maxLength={200}
          required
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={say("collections.description")}
          value={description}
          maxLength={10_000}
          autosize
          minRows={2}
          maxRows={8}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {query && <RuleFields query={query} onChange={setQuery} />}
        {error && <ErrorNote error={error} />}
        <div className={forms.answers}>
          <Button type="submit" loading={make.isPending || change.isPending} disabled={name.trim() === ""}>
            {say(collection ? "collections.save" : "collections.make")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
