import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { targetsQuery, useDeleteTarget, useTryTarget, type Target } from "@/api/notifications";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { IconBell, IconPlus } from "@/components/icons";
import { Row, Rows } from "@/components/Rows";
import { Section } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { TargetDialog } from "./TargetDialog";

/** Where one wants to be told, and of what. */
export function Notifications() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(targetsQuery);
  const [adding, setAdding] = useState(false);
  return (
    <Section
      title={say("notices.title")}
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setAdding(true)}
        >
          {say("notices.add")}
        </Button>
      }
    >
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={1} height={64} />}
      {data?.length === 0 && (
        <Empty icon={<IconBell size={24} />} title={say("notices.none")} note={say("notices.noneNote")} />
      )}
      {data && data.length > 0 && (
        <Rows label={say("notices.title")}>
          {data.map((target) => (
            <TargetRow key={target.id} target={target} />
          ))}
        </Rows>
      )}
      {adding && <TargetDialog onClose={() => setAdding(false)} />}
    </Section>
  );
}

function TargetRow({ target }: { target: Target }) {
  const { say, ago } = useI18n();
  const { tell, complain } = useToasts();
  const tryOut = useTryTarget();
  const remove = useDeleteTarget();
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const name = { name: target.name };
  const send = () =>
    tryOut.mutate(target.id, {
      onSuccess: ({ success, message }) =>
        success ? tell(say("notices.tried", name)) : complain(new Error(message)),
      onError: complain,
    });
  return (
    <Row
      title={
        <>
          <span dir="auto">{target.name}</span>
          <Tag>{target.scheme}</Tag>
          {!target.is_enabled && <Tag>{say("link.state.off")}</Tag>}
          {target.paused_at && <Tag tone="bad">{say("notices.paused")}</Tag>}
        </>
      }
      facts={[
        target.events.map((event) => say(`notices.event.${event}`)).join(" · "),
        say(`notices.digest.${target.digest}`),
        target.waiting > 0 && say("notices.waiting", { count: target.waiting }),
        target.last_sent_at && say("notices.sent", { time: ago(target.last_sent_at) }),
        target.last_error,
      ]}
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            aria-label={say("notices.tryNamed", name)}
            loading={tryOut.isPending}
            onClick={send}
          >
            {say("notices.try")}
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={say("notices.editNamed", name)}
            onClick={() => setDialog("edit")}
          >
            {say("link.edit")}
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={say("notices.deleteNamed", name)}
            onClick={() => setDialog("delete")}
          >
            {say("notices.delete")}
          </Button>
        </>
      }
    >
      {dialog === "edit" && <TargetDialog target={target} onClose={() => setDialog(null)} />}
      {dialog === "delete" && (
        <ConfirmDialog
          title={say("notices.deleteNamed", name)}
          text={say("notices.deleteText")}
          keep={say("form.keep")}
          go={say("notices.delete")}
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setDialog(null)}
          onGo={() => remove.mutate(target.id, { onSuccess: () => tell(say("notices.deleted", name)) })}
        />
      )}
    </Row>
  );
}
