import { Button, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { meQuery } from "@/api/account";
import { SCOPES, useMakeToken, type Scope } from "@/api/me";
import { ChoiceField } from "@/components/ChoiceField";
import { CopyText } from "@/components/CopyText";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { firstFault } from "./faults";

const LIFETIMES = ["30", "90", "365", "3650"] as const;

/** Makes a token, and shows it: this once, and never again. */
export function TokenDialog({ onClose }: { onClose: () => void }) {
  const { say } = useI18n();
  const make = useMakeToken();
  return (
    <Dialog title={say(make.data ? "tokens.made" : "tokens.add")} onClose={onClose}>
      {make.data ? (
        <div className={forms.form}>
          <p>{say("tokens.once")}</p>
          <CopyText label={say("tokens.token")} text={make.data.token} />
          <div className={forms.answers}>
            <Button onClick={onClose}>{say("form.done")}</Button>
          </div>
        </div>
      ) : (
        <TokenForm make={make} onClose={onClose} />
      )}
    </Dialog>
  );
}

function TokenForm({ make, onClose }: { make: ReturnType<typeof useMakeToken>; onClose: () => void }) {
  const { say } = useI18n();
  const { data: me } = useQuery(meQuery);
  const [name, setName] = useState("");
  const [scope, setScope] = useState<Scope>("read");
  const [days, setDays] = useState<(typeof LIFETIMES)[number]>("365");
  const [tried, setTried] = useState(false);
  const faults = { name: name.trim() === "" ? say("tokens.nameMissing") : null };
  const scopes = SCOPES.filter((each) => each !== "admin" || me?.is_superuser);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (firstFault(event.currentTarget, faults)) return;
    make.mutate({ name: name.trim(), scope, days: Number(days) });
  };
  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      {make.error && <ErrorNote error={make.error} />}
      <TextInput
        label={say("tokens.name")}
        description={say("tokens.nameNote")}
        name="name"
        maxLength={100}
        autoComplete="off"
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={tried && faults.name}
      />
      <ChoiceField
        label={say("tokens.scope")}
        description={say(`scope.${scope}.note`)}
        value={scope}
        options={scopes.map((each) => [each, say(`scope.${each}`)])}
        onChange={setScope}
      />
      <ChoiceField
        label={say("tokens.days")}
        value={days}
        options={LIFETIMES.map((each) => [each, say("tokens.daysCount", { count: Number(each) })])}
        onChange={setDays}
      />
      <div className={forms.answers}>
        <Button variant="default" onClick={onClose}>
          {say("form.cancel")}
        </Button>
        <Button type="submit" loading={make.isPending}>
          {say("tokens.make")}
        </Button>
      </div>
    </form>
  );
}
