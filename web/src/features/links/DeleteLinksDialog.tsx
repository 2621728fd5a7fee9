import { Button, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { deleteLink, useForEach, type Done } from "@/api/links";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";

interface DeleteLinksProps {
  ids: readonly number[];
  /** The name of the one link; null where there are several. */
  name: string | null;
  onClose: () => void;
  onDone: (outcome: Done) => void;
}

/** Ends following, and asks what becomes of the media. Keeping them is what a slip of the hand does. */
export function DeleteLinksDialog({ ids, name, onClose, onDone }: DeleteLinksProps) {
  const { say } = useI18n();
  const [items, setItems] = useState<"keep" | "delete">("keep");
  const forEach = useForEach();
  const go = () =>
    forEach.mutate(
      { ids, act: (id) => deleteLink(id, items) },
      {
        onSuccess: (outcome) => {
          // Of a single link that could not be deleted the dialog itself tells why.
          if (outcome.done > 0 || ids.length > 1) onDone(outcome);
        },
      },
    );
  const error = forEach.error ?? (ids.length === 1 ? forEach.data?.failed[0] : undefined);
  return (
    <Dialog
      title={
        name === null
          ? say("link.delete.titleMany", { count: ids.length })
          : say("link.delete.title", { name })
      }
      onClose={onClose}
    >
      <div className={forms.form}>
        <p>{say("link.delete.text")}</p>
        <SegmentedControl
          fullWidth
          aria-label={say("link.delete.items")}
          value={items}
          onChange={setItems}
          data={[
            { value: "keep", label: say("link.delete.keep") },
            { value: "delete", label: say("link.delete.delete") },
          ]}
        />
        <p className={forms.note} aria-live="polite">
          {say(items === "keep" ? "link.delete.keepNote" : "link.delete.deleteNote")}
        </p>
        {error !== undefined && error !== null && <ErrorNote error={error} />}
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {say("form.cancel")}
          </Button>
          <Button color="red" loading={forEach.isPending} onClick={go}>
            {say(items === "keep" ? "link.delete.go" : "link.delete.goAll")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
