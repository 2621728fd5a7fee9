import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { feedTokensQuery, useMakeFeedToken, useRevokeFeedToken, type FeedToken } from "@/api/feeds";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { IconPlus } from "@/components/icons";
import { Row, Rows } from "@/components/Rows";
import { Section } from "@/components/Screen";
import { ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";

interface FeedTokensProps {
  /** Whose addresses are shown. */
  shown: number | undefined;
  /** Shows those of a token, or of the oldest. */
  onShow: (id: number | undefined) => void;
}

/** What the addresses stand under: one for each app or person. */
export function FeedTokens({ shown, onShow }: FeedTokensProps) {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(feedTokensQuery);
  const [making, setMaking] = useState(false);
  const add = (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => setMaking(true)}
    >
      {say("feeds.add")}
    </Button>
  );
  return (
    <Section title={say("feeds.tokens")} aside={add}>
      <p className={forms.note}>{say("feeds.tokensNote")}</p>
      {!data && !error && <LoadingRows count={1} height={64} />}
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data && data.length > 0 && (
        <Rows label={say("feeds.tokens")}>
          {data.map((token) => (
            <TokenRow key={token.id} token={token} isShown={token.id === shown} onShow={onShow} />
          ))}
        </Rows>
      )}
      {making && <NewToken onClose={() => setMaking(false)} onMade={({ id }) => onShow(id)} />}
    </Section>
  );
}

interface TokenRowProps {
  token: FeedToken;
  isShown: boolean;
  onShow: FeedTokensProps["onShow"];
}

function TokenRow({ token, isShown, onShow }: TokenRowProps) {
  const { say, ago } = useI18n();
  const { tell } = useToasts();
  const revoke = useRevokeFeedToken();
  const [asking, setAsking] = useState(false);
  const name = token.name;
  // The row goes before the mutation's own callbacks are called.
  const end = () =>
    void revoke
      .mutateAsync(token.id)
      .then(() => {
        setAsking(false);
        tell(say("feeds.revoked", { name }));
      })
      .catch(() => undefined);
  return (
    <Row
      title={
        <>
          <span dir="auto">{name}</span>
          {isShown && <Tag tone="accent">{say("feeds.shown")}</Tag>}
          {token.token === null && <Tag tone="warn">{say("feeds.sealed")}</Tag>}
        </>
      }
      facts={[
        say("feeds.since", { time: ago(token.created_at) }),
        token.last_used_at ? say("feeds.used", { time: ago(token.last_used_at) }) : say("feeds.unused"),
      ]}
      actions={
        <>
          {!isShown && token.token !== null && (
            <Button
              size="xs"
              variant="default"
              aria-label={say("feeds.showNamed", { name })}
              onClick={() => onShow(token.id)}
            >
              {say("feeds.show")}
            </Button>
          )}
          <Button
            size="xs"
            variant="default"
            aria-label={say("feeds.revokeNamed", { name })}
            onClick={() => setAsking(true)}
          >
            {say("feeds.revoke")}
          </Button>
        </>
      }
    >
      {asking && (
        <ConfirmDialog
          title={say("feeds.revokeTitle")}
          text={say("feeds.revokeText", { name })}
          keep={say("form.keep")}
          go={say("feeds.revoke")}
          busy={revoke.isPending}
          error={revoke.error}
          onClose={() => setAsking(false)}
          onGo={() => {
            // What is gone cannot be asked for any more.
            if (isShown) onShow(undefined);
            end();
          }}
        />
      )}
    </Row>
  );
}

function NewToken({ onClose, onMade }: { onClose: () => void; onMade: (token: FeedToken) => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const make = useMakeFeedToken();
  const [name, setName] = useState("");
  const [tried, setTried] = useState(false);
  const fault = name.trim() === "" ? say("feeds.nameMissing") : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (fault !== null) {
      event.currentTarget.querySelector("input")?.focus();
      return;
    }
    make.mutate(name.trim(), {
      onSuccess: (token) => {
        tell(say("feeds.made", { name: token.name }));
        onMade(token);
        onClose();
      },
    });
  };
  return (
    <Dialog title={say("feeds.add")} onClose={onClose}>
      <form className={forms.form} onSubmit={submit} noValidate>
        {make.error && <ErrorNote error={make.error} />}
        <TextInput
          label={say("feeds.name")}
          description={say("feeds.nameNote")}
          maxLength={100}
          autoComplete="off"
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={tried && fault}
        />
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose}>
            {say("form.cancel")}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {say("feeds.make")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
