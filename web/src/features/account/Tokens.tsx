import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tokensQuery, useRevokeToken, type Token } from "@/api/me";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { IconKey, IconPlus } from "@/components/icons";
import { Row, Rows } from "@/components/Rows";
import { Section } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { TokenDialog } from "./TokenDialog";

/** The long-lived tokens of one's scripts. */
export function Tokens() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(tokensQuery);
  const [making, setMaking] = useState(false);
  return (
    <Section
      title={say("tokens.title")}
      aside={
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setMaking(true)}
        >
          {say("tokens.add")}
        </Button>
      }
    >
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={1} height={64} />}
      {data?.length === 0 && (
        <Empty icon={<IconKey size={24} />} title={say("tokens.none")} note={say("tokens.noneNote")} />
      )}
      {data && data.length > 0 && (
        <Rows label={say("tokens.title")}>
          {data.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </Rows>
      )}
      {making && <TokenDialog onClose={() => setMaking(false)} />}
    </Section>
  );
}

function TokenRow({ token }: { token: Token }) {
  const { say, ago, day } = useI18n();
  const { tell } = useToasts();
  const revoke = useRevokeToken();
  const [asking, setAsking] = useState(false);
  const end = () =>
    revoke.mutate(token.id, { onSuccess: () => tell(say("tokens.revoked", { name: token.name })) });
  return (
    <Row
      title={
        <>
          <span>{token.name}</span>
          {token.scopes.map((scope) => (
            <Tag key={scope} tone={scope === "admin" ? "warn" : "plain"}>
              {say(`scope.${scope}`)}
            </Tag>
          ))}
        </>
      }
      facts={[
        say("sessions.seen", { time: ago(token.last_seen_at) }),
        say("tokens.until", { day: day(token.expires_at) }),
      ]}
      actions={
        <Button
          size="xs"
          variant="default"
          aria-label={say("tokens.revokeNamed", { name: token.name })}
          onClick={() => setAsking(true)}
        >
          {say("tokens.revoke")}
        </Button>
      }
    >
      {asking && (
        <ConfirmDialog
          title={say("tokens.revokeTitle")}
          text={say("tokens.revokeText", { name: token.name })}
          keep={say("form.keep")}
          go={say("tokens.revoke")}
          busy={revoke.isPending}
          error={revoke.error}
          onClose={() => setAsking(false)}
          onGo={end}
        />
      )}
    </Row>
  );
}
