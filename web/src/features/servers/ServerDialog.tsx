import { Button, Checkbox, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { meQuery } from "@/api/account";
import {
  serverKindsQuery,
  useSaveServer,
  useTestServer,
  useTryServer,
  type Server,
  type ServerKind,
} from "@/api/servers";
import { ChoiceField } from "@/components/ChoiceField";
import { Dialog } from "@/components/Dialog";
import { Fold } from "@/components/Fold";
import { forms } from "@/components/Form";
import { IconTest } from "@/components/icons";
import { ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { draftOf, isAsked, loginsOf, nameOf, valuesOf, type Draft } from "./draft";
import { LibraryField } from "./LibraryField";
import { Outcome } from "./Outcome";
import { SignInFields } from "./SignInFields";

interface ServerDialogProps {
  /** Null: a new one. */
  server: Server | null;
  onClose: () => void;
  onSaved?: (server: Server) => void;
}

/** Adds a media server or changes one, and tries whether it answers. */
export function ServerDialog(props: ServerDialogProps) {
  const { say } = useI18n();
  const { server, onClose } = props;
  const { data: kinds, error, refetch } = useQuery(serverKindsQuery);
  return (
    <Dialog
      wide
      title={server ? say("servers.editNamed", { name: server.name }) : say("servers.add")}
      onClose={onClose}
    >
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!kinds && !error && <LoadingRows count={4} height={60} />}
      {kinds && <ServerForm {...props} kinds={kinds} />}
    </Dialog>
  );
}

type ChangeDraft = (part: Partial<Draft>) => void;

function ServerForm({
  server,
  kinds,
  onClose,
  onSaved,
}: ServerDialogProps & { kinds: readonly ServerKind[] }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const { data: me } = useQuery(meQuery);
  const [draft, setDraft] = useState(() => draftOf(server, kinds));
  const [tried, setTried] = useState(false);
  const save = useSaveServer();
  const trial = useTrial(server, draft, kinds);
  const change: ChangeDraft = (part) => setDraft((old) => ({ ...old, ...part }));
  const noUrl = draft.url.trim() === "";

  const choose = (kind: string) => {
    const [login = "token"] = loginsOf(kinds.find(({ name }) => name === kind));
    change({ kind, login, library: "" });
    trial.forget();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (noUrl) return;
    const values = { ...valuesOf(draft), name: nameOf(draft, kinds) };
    save.mutate(
      { id: server?.id ?? null, values: me?.is_superuser ? { ...values, is_shared: draft.shared } : values },
      {
        onSuccess: (saved) => {
          tell(say("servers.saved", { name: saved.name }));
          onSaved?.(saved);
          onClose();
        },
      },
    );
  };
  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <ChoiceField
        label={say("servers.kind")}
        value={draft.kind}
        options={kinds.map(({ name, title }) => [name, title] as const)}
        onChange={choose}
      />
      <TextInput
        label={say("servers.url")}
        description={say("servers.urlNote")}
        placeholder={say("servers.urlExample")}
        type="url"
        inputMode="url"
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        error={tried && noUrl && say("servers.missing")}
        value={draft.url}
        onChange={(event) => change({ url: event.currentTarget.value })}
      />
      <SignInFields
        draft={draft}
        logins={loginsOf(kinds.find(({ name }) => name === draft.kind))}
        hasSecret={server?.has_secret ?? false}
        onChange={change}
      />
      <div className={forms.answersLeft}>
        <Button
          variant="default"
          leftSection={<IconTest size={16} aria-hidden />}
          loading={trial.isPending}
          disabled={noUrl || !trial.isPossible}
          onClick={trial.run}
        >
          {say("servers.tryFirst")}
        </Button>
      </div>
      {!trial.isPossible && <p className={forms.note}>{say("servers.retype")}</p>}
      {trial.error && <ErrorNote error={trial.error} />}
      {trial.answer && <Outcome answer={trial.answer} />}
      <TextInput
        label={say("servers.name")}
        placeholder={nameOf({ ...draft, name: "" }, kinds)}
        maxLength={128}
        value={draft.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <LibraryField
        libraries={trial.answer?.libraries}
        server={server}
        value={draft.library}
        onChange={(library) => change({ library })}
      />
      <Fold title={say("servers.more")} open={!draft.verify || draft.root !== "" || draft.shared}>
        {me?.is_superuser && (
          <Checkbox
            label={say("servers.share")}
            checked={draft.shared}
            onChange={(event) => change({ shared: event.currentTarget.checked })}
          />
        )}
        <Checkbox
          label={say("servers.verify")}
          description={say("servers.verifyNote")}
          checked={draft.verify}
          onChange={(event) => change({ verify: event.currentTarget.checked })}
        />
        <TextInput
          label={say("servers.root")}
          description={say("servers.rootNote")}
          autoCapitalize="none"
          autoComplete="off"
          spellCheck={false}
          value={draft.root}
          onChange={(event) => change({ root: event.currentTarget.value })}
        />
      </Fold>
      {save.error && <ErrorNote error={save.error} />}
      <div className={forms.answers}>
        <Button variant="default" onClick={onClose}>
          {say("form.cancel")}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {say("form.save")}
        </Button>
      </div>
    </form>
  );
}

/** Tries what is typed; or the saved server, whose secret nobody has typed, as long as nothing else has changed. */
function useTrial(server: Server | null, draft: Draft, kinds: readonly ServerKind[]) {
  const typed = useTryServer();
  const saved = useTestServer();
  const isTyped = (draft.login === "token" ? draft.token : draft.password) !== "";
  const usesSaved = server !== null && !isTyped && isAsked(draft, server);
  const forget = () => {
    typed.reset();
    saved.reset();
  };
  return {
    run: () => {
      forget();
      if (usesSaved) saved.mutate(server.id);
      else typed.mutate({ ...valuesOf(draft), name: nameOf(draft, kinds) });
    },
    forget,
    isPossible: server === null || isTyped || usesSaved,
    isPending: typed.isPending || saved.isPending,
    error: typed.error ?? saved.error,
    answer: typed.data ?? saved.data,
  };
}
