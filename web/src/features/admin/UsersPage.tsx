import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "@/api/account";
import { useSaveUser, usersQuery, type User } from "@/api/users";
import { IconPlus } from "@/components/icons";
import { Row, Rows } from "@/components/Rows";
import { ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { AdminScreen } from "./AdminScreen";
import { DeleteUserDialog } from "./DeleteUserDialog";
import { PendingResets } from "./PendingResets";
import { UserDialog } from "./UserDialog";

/** Everybody with an account here. */
export default function UsersPage() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(usersQuery);
  const [adding, setAdding] = useState(false);
  const add = (
    <Button size="sm" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {say("users.add")}
    </Button>
  );
  return (
    <AdminScreen place="users" actions={add}>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={4} height={64} />}
      {data && (
        <Rows label={say("admin.users")}>
          {data.map((user) => (
            <UserRow key={user.id} user={user} />
          ))}
        </Rows>
      )}
      <PendingResets />
      {adding && <UserDialog onClose={() => setAdding(false)} />}
    </AdminScreen>
  );
}

function UserRow({ user }: { user: User }) {
  const { say, ago } = useI18n();
  const { data: me } = useQuery(meQuery);
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const close = () => setDialog(null);
  const isMe = me?.id === user.id;
  const name = user.username;
  return (
    <Row
      title={
        <>
          <span>{user.display_name ? `${user.display_name} (${name})` : name}</span>
          {isMe && <Tag tone="accent">{say("users.me")}</Tag>}
          {user.is_superuser && <Tag>{say("users.superuser")}</Tag>}
          {!user.is_active && <Tag tone="bad">{say("users.inactive")}</Tag>}
        </>
      }
      facts={[
        user.email,
        user.last_login_at
          ? say("users.lastLogin", { time: ago(user.last_login_at) })
          : say("users.neverLogin"),
      ]}
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            aria-label={say("users.editNamed", { name })}
            onClick={() => setDialog("edit")}
          >
            {say("users.edit")}
          </Button>
          {!isMe && <ActiveButton user={user} />}
          {!isMe && (
            <Button
              size="xs"
              variant="default"
              aria-label={say("users.deleteNamed", { name })}
              onClick={() => setDialog("delete")}
            >
              {say("users.delete")}
            </Button>
          )}
        </>
      }
    >
      {dialog === "edit" && <UserDialog user={user} onClose={close} />}
      {dialog === "delete" && <DeleteUserDialog user={user} onClose={close} />}
    </Row>
  );
}

/** Keeps somebody out without deleting anything, and lets them in again. */
function ActiveButton({ user }: { user: User }) {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const save = useSaveUser();
  const name = user.username;
  const turn = () =>
    save.mutate(
      { id: user.id, is_active: !user.is_active },
      {
        onSuccess: () => tell(say(user.is_active ? "users.deactivated" : "users.activated", { name })),
        onError: complain,
      },
    );
  return (
    <Button
      size="xs"
      variant="default"
      aria-label={say(user.is_active ? "users.deactivateNamed" : "users.activateNamed", { name })}
      loading={save.isPending}
      onClick={turn}
    >
      {say(user.is_active ? "users.deactivate" : "users.activate")}
    </Button>
  );
}
