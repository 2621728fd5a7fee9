import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ordersQuery, useCancelSession, type SongOrder, type SongSession } from "@/api/missing";
import { IconBan, IconCheck, IconDown, IconDownload, IconUp } from "@/components/icons";
import { LongList } from "@/components/LongList";
import { ProgressBar } from "@/components/ProgressBar";
import { Row } from "@/components/Rows";
import { ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { OrderMark, useOrderFault } from "./OrderMark";
import { shareOf } from "./orders";
import styles from "./Missing.module.css";

const LOOKS = {
  running: { icon: IconDownload, tone: "accent" },
  completed: { icon: IconCheck, tone: "good" },
  cancelled: { icon: IconBan, tone: "plain" },
} as const;

interface SessionRowProps {
  session: SongSession;
  /** The playlist that it is for. */
  name: string;
}

/** Songs that were asked for together: how far they are, and each of them on a wish. */
export function SessionRow({ session, name }: SessionRowProps) {
  const { say, ago } = useI18n();
  const { complain } = useToasts();
  const cancel = useCancelSession();
  const [open, setOpen] = useState(false);
  const { session_id: id, status, total, completed, failed, cancelled } = session;
  const running = status === "running";
  return (
    <Row
      title={
        <>
          <span dir="auto">{name}</span>
          <Tag {...LOOKS[status]}>{say(`missing.session.${status}`)}</Tag>
        </>
      }
      facts={[
        say("missing.songs", { count: total }),
        completed > 0 && say("missing.fetched", { count: completed }),
        failed > 0 && say("missing.failed", { count: failed }),
        cancelled > 0 && say("missing.cancelled", { count: cancelled }),
        ago(session.ended_at ?? session.created_at),
      ]}
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            leftSection={open ? <IconUp size={16} aria-hidden /> : <IconDown size={16} aria-hidden />}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            {say("missing.show")}
          </Button>
          {running && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconBan size={16} aria-hidden />}
              aria-label={say("missing.cancelNamed", { name })}
              loading={cancel.isPending}
              onClick={() => cancel.mutate(id, { onError: complain })}
            >
              {say("missing.cancel")}
            </Button>
          )}
        </>
      }
    >
      {running && <ProgressBar share={shareOf(session)} label={say("missing.progress", { name })} />}
      {open && <Orders session={id} />}
    </Row>
  );
}

function Orders({ session }: { session: number }) {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(ordersQuery(session));
  return (
    <>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={2} height={40} />}
      {data && data.length > 0 && (
        <LongList
          label={say("missing.songsOf")}
          entries={data}
          keyOf={({ id }) => id}
          height={56}
          className={styles["orders"]}
        >
          {(order) => <OrderLine order={order} />}
        </LongList>
      )}
    </>
  );
}

function OrderLine({ order }: { order: SongOrder }) {
  const faultOf = useOrderFault();
  const fault = order.status === "failed" ? faultOf(order) : null;
  return (
    <div className={styles["order"]}>
      <span className={styles["words"]} dir="auto">
        {order.title} <span className={styles["dim"]}>{order.artist}</span>
        {fault && <span className={styles["fault"]}>{fault}</span>}
      </span>
      <OrderMark order={order} />
    </div>
  );
}
