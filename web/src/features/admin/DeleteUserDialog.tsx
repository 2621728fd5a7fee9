import { Button } from "@mantine/core";
import { useState } from "react";
import { useDeleteUser, type ItemsChoice, type User } from "@/api/users";
import { ChoiceField } from "@/components/ChoiceField";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";

/** Deletes an account; its library comes to the one who deletes, or goes with it. */
export function DeleteUserDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const remove = useDeleteUser();
  const [items, setItems] = useState<ItemsChoice>("keep");
  const name = user.username;

  const go = () =>
    remove.mutate(
      { id: user.id, items },
      {
        onSuccess: () => {
          tell(say("users.deleted", { name }));
          onClose();
        },
      },
    );
  return (
    <Dialog title={say("users.deleteTitle", { name })} onClose={onClose}>
      <div className={forms.form}>
        <p>{say("users.deleteText")}</p>
        {remove.error && <ErrorNote error={remove.error} />}
        <ChoiceField
          label={say("users.items")}
          description={say(items === "keep" ? "users.items.keepNote" : "users.items.deleteNote")}
          value={items}
          options={[
            ["keep", say("users.items.keep")],
            ["delete", say("users.items.delete")],
          ]}
          onChange={setItems}
        />
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {say("users.deleteNot")}
          </Button>
          <Button color="red" loading={remove.isPending} onClick={go}>
            {say("users.deleteDo")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
