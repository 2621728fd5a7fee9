import { Button, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { ruleOf, useMakeCollection } from "@/api/collections";
import type { ItemFilter } from "@/api/items";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { Rule } from "../collections/Rule";
import { nameFor } from "./search";

interface SaveSearchProps {
  filter: ItemFilter;
  onClose: () => void;
}

/** Keeps a search as a collection, which finds anew each time. */
export function SaveSearchDialog({ filter, onClose }: SaveSearchProps) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const navigate = useNavigate();
  const make = useMakeCollection();
  const [name, setName] = useState(() => nameFor(filter));
  const query = ruleOf(filter);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate(
      { name: name.trim(), query },
      {
        onSuccess: ({ id, name: saved }) => {
          const show = () => void navigate({ to: "/library/collections/$id", params: { id } });
          tell(say("collections.saved", { name: saved }), { label: say("collections.show"), onAct: show });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog title={say("collections.saveSearchTitle")} onClose={onClose}>
      <form className={forms.form} onSubmit={submit}>
        <p className={forms.note}>{say("collections.searchNote")}</p>
        <Rule query={query} />
        <TextInput
          label={say("library.collectionName")}
          value={name}
          maxLength={200}
          required
          data-autofocus
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {make.error && <ErrorNote error={make.error} />}
        <div className={forms.answers}>
          <Button type="submit" loading={make.isPending} disabled={name.trim() === ""}>
            {say("collections.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
