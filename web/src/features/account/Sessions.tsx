import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { sessionsQuery, useRevokeSession, type Session } from "@/api/me";
import { Row, Rows } from "@/components/Rows";
import { Section } from "@/components/Screen";
import { ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { shortAgent } from "./agent";

/** Where one is signed in, with a way to end each. */
export function Sessions() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(sessionsQuery);
  return (
    <Section title={say("sessions.title")}>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={2} height={64} />}
      {data && (
        <Rows label={say("sessions.title")}>
          {data.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </Rows>
      )}
    </Section>
  );
}

function SessionRow({ session }: { session: Session }) {
  const { say, ago, moment } = useI18n();
  const { tell, complain } = useToasts();
  const revoke = useRevokeSession();
  const name = shortAgent(session.user_agent) || say("sessions.unknown");
  const end = () =>
    revoke.mutate(session.id, { onSuccess: () => tell(say("sessions.ended", { name })), onError: complain });
  return (
    <Row
      title={
        <>
          <span title={session.user_agent}>{name}</span>
          {session.current && <Tag tone="accent">{say("sessions.this")}</Tag>}
        </>
      }
      facts={[
        say("sessions.seen", { time: ago(session.last_seen_at) }),
        say("sessions.since", { time: moment(session.created_at) }),
        session.ip,
      ]}
      actions={
        !session.current && (
          <Button
            size="xs"
            variant="default"
            aria-label={say("sessions.endNamed", { name })}
            loading={revoke.isPending}
            onClick={end}
          >
            {say("sessions.end")}
          </Button>
        )
      }
    />
  );
}
