import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { targetsQuery, useDeleteTarget, useTestTarget, type Target } from "@/api/targets";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { IconBell, IconPlus } from "@/components/icons";
import { Row, Rows } from "@/components/Rows";
import { Section } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { TargetDialog } from "./TargetDialog";

/** Where one is told of what happens. */
export function Targets() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(targetsQuery);
  const [making, setMaking] = useState(false);
  return (
    <Section
      title={say("targets.title")}
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setMaking(true)}
        >
          {say("targets.add")}
        </Button>
      }
    >
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={1} height={64} />}
      {data?.length === 0 && (
        <Empty icon={<IconBell size={24} />} title={say("targets.none")} note={say("targets.noneNote")} />
      )}
      {data && data.length > 0 && (
        <Rows label={say("targets.title")}>
          {data.map((target) => (
            <TargetRow key={target.id} target={target} />
          ))}
        </Rows>
      )}
      {making && <TargetDialog onClose={() => setMaking(false)} />}
    </Section>
  );
}

function TargetRow({ target }: { target: Target }) {
  const { say, ago } = useI18n();
  const [doing, setDoing] = useState<"change" | "remove" | null>(null);
  const close = () => setDoing(null);
  return (
    <Row
      title={
        <>
          <span>{target.name}</span>
          <Tag>{target.scheme}</Tag>
          {target.paused_at && <Tag tone="bad">{say("targets.paused")}</Tag>}
          {!target.is_enabled && <Tag tone="warn">{say("targets.off")}</Tag>}
        </>
      }
      facts={[
        target.events.map((event) => say(`happening.${event}`)).join(" · "),
        say(`digest.${target.digest}`),
        target.last_sent_at && say("targets.sent", { time: ago(target.last_sent_at) }),
        target.last_error,
      ]}
      actions={
        <>
          <TestButton target={target} />
          <Button
            size="xs"
            variant="default"
            aria-label={say("targets.changeNamed", { name: target.name })}
            onClick={() => setDoing("change")}
          >
            {say("targets.change")}
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={say("targets.removeNamed", { name: target.name })}
            onClick={() => setDoing("remove")}
          >
            {say("targets.remove")}
          </Button>
        </>
      }
    >
      {doing === "change" && <TargetDialog target={target} onClose={close} />}
      {doing === "remove" && <RemoveDialog target={target} onClose={close} />}
    </Row>
  );
}

function TestButton({ target }: { target: Target }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const test = useTestTarget();
  const name = target.name;
  return (
    <Button
      size="xs"
      variant="default"
      loading={test.isPending}
      aria-label={say("targets.testNamed", { name })}
      onClick={() =>
        test.mutate(target.id, {
          onSuccess: ({ success, message }) =>
            tell(success ? say("targets.arrived", { name }) : say("targets.notArrived", { message })),
          onError: (error) => tell(say("targets.notArrived", { message: error.message })),
        })
      }
    >
      {say("targets.test")}
    </Button>
  );
}

function RemoveDialog({ target, onClose }: { target: Target; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const remove = useDeleteTarget();
  const name = target.name;
  return (
    <ConfirmDialog
      title={say("targets.removeTitle")}
      text={say("targets.removeText", { name })}
      keep={say("form.keep")}
      go={say("targets.remove")}
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onGo={() => remove.mutate(target.id, { onSuccess: () => tell(say("targets.removed", { name })) })}
    />
  );
}
