import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sessionsQuery, useRevokeOtherSessions, useRevokeSession, type Session } from "@/api/me";
import { Row, Rows } from "@/components/Rows";
import { Section } from "@/components/Screen";
import { ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { shortAgent } from "./agent";

/** More are shown when asked for: what comes below should be found, too. */
const SHOWN = 5;

/** Where one is signed in, with a way to end each, and all others at once. */
export function Sessions() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const [all, setAll] = useState(false);
  const sessions = [...(data ?? [])].sort((one, other) => Number(other.current) - Number(one.current));
  const shown = all ? sessions : sessions.slice(0, SHOWN);
  return (
    <Section title={say("sessions.title")} aside={sessions.length > 2 && <EndOthers />}>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={2} height={64} />}
      {data && (
        <Rows label={say("sessions.title")}>
          {shown.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </Rows>
      )}
      {shown.length < sessions.length && (
        <div>
          <Button size="xs" variant="default" onClick={() => setAll(true)}>
            {say("sessions.all", { count: sessions.length })}
          </Button>
        </div>
      )}
    </Section>
  );
}

function EndOthers() {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const revoke = useRevokeOtherSessions();
  const end = () =>
    revoke.mutate(undefined, { onSuccess: () => tell(say("sessions.othersEnded")), onError: complain });
  return (
    <Button size="xs" variant="default" loading={revoke.isPending} onClick={end}>
      {say("sessions.endOthers")}
    </Button>
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
