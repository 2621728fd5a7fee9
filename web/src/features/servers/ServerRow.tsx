import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/account";
import { serverKindsQuery, useTestServer, type Server } from "@/api/servers";
import { IconAlert, IconCheck, IconClock, IconEdit, IconLock, IconTest, IconTrash } from "@/components/icons";
import { Row } from "@/components/Rows";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useNow } from "@/components/useNow";
import { useI18n } from "@/i18n";
import { Outcome } from "./Outcome";
import styles from "./ServerRow.module.css";
import { useFault } from "./words";

interface ServerRowProps {
  server: Server;
  onEdit: () => void;
  onDelete: () => void;
}

/** One server: what it is, how it answers, and what can be done with it. */
export function ServerRow({ server, onEdit, onDelete }: ServerRowProps) {
  const { say, ago } = useI18n();
  const { complain } = useToasts();
  const faultOf = useFault();
  const now = useNow();
  const test = useTestServer();
  const { data: me } = useQuery(meQuery);
  const { data: kinds } = useQuery(serverKindsQuery);
  const mine = !server.is_locked && (me?.is_superuser || server.user_id === me?.id);
  const kind = kinds?.find(({ name }) => name === server.server_type)?.title ?? server.server_type;
  const { name } = server;
  return (
    <Row
      title={
        <>
          <span dir="auto">{name}</span>
          <State server={server} />
          {server.is_shared && <Tag>{say("servers.shared")}</Tag>}
          {server.is_locked && <Tag icon={IconLock}>{say("servers.locked")}</Tag>}
        </>
      }
      facts={[
        server.version ? `${kind} ${server.version}` : kind,
        server.url,
        server.indexed_at && say("servers.tracks", { count: server.track_count }),
        server.indexed_at
          ? say("servers.indexed", { time: ago(server.indexed_at, now) })
          : say("servers.notIndexed"),
        server.checked_at && say("servers.checked", { time: ago(server.checked_at, now) }),
        !server.verify_tls && say("servers.insecure"),
      ]}
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconTest size={16} aria-hidden />}
            aria-label={say("servers.testNamed", { name })}
            loading={test.isPending}
            onClick={() => test.mutate(server.id, { onError: complain })}
          >
            {say("servers.test")}
          </Button>
          {mine && (
            <>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconEdit size={16} aria-hidden />}
                aria-label={say("servers.editNamed", { name })}
                onClick={onEdit}
              >
                {say("servers.edit")}
              </Button>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconTrash size={16} aria-hidden />}
                aria-label={say("servers.deleteNamed", { name })}
                onClick={onDelete}
              >
                {say("servers.delete")}
              </Button>
            </>
          )}
        </>
      }
    >
      {server.is_locked && <p className={styles["note"]}>{say("servers.lockedNote")}</p>}
      {!server.has_secret && <p className={styles["note"]}>{say("servers.noSecret")}</p>}
      {test.data ? (
        <Outcome answer={test.data} />
      ) : (
        server.reason !== null && <p className={styles["said"]}>{faultOf(server.reason, server.message)}</p>
      )}
    </Row>
  );
}

function State({ server }: { server: Server }) {
  const { say } = useI18n();
  if (server.reason !== null) {
    return (
      <Tag tone="bad" icon={IconAlert}>
        {say("servers.failing")}
      </Tag>
    );
  }
  if (server.checked_at === null && server.indexed_at === null)
    return <Tag icon={IconClock}>{say("servers.unknown")}</Tag>;
  return (
    <Tag tone="good" icon={IconCheck}>
      {say("servers.well")}
    </Tag>
  );
}
