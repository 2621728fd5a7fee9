import { Button } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useChangePassword } from "@/api/me";
import { forms } from "@/components/Form";
import { MIN_PASSWORD, PasswordField } from "@/components/PasswordField";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { firstFault } from "./faults";

/** Another password: every other session ends with it. */
export function PasswordForm({ username }: { username: string }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const change = useChangePassword();
  const [current, setCurrent] = useState("");
  const [fresh, setFresh] = useState("");
  const [tried, setTried] = useState(false);

  const faults = {
    current_password: current === "" ? say("account.password.empty") : null,
    new_password: fresh.length < MIN_PASSWORD ? say("account.password.short") : null,
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (firstFault(event.currentTarget, faults)) return;
    change.mutate(
      { current, fresh },
      {
        onSuccess: () => {
          setCurrent("");
          setFresh("");
          setTried(false);
          tell(say("me.password.changed"));
        },
      },
    );
  };
  return (
    <form className={forms.narrow} onSubmit={submit} noValidate>
      <p className={forms.note}>{say("me.password.note")}</p>
      {change.error && <ErrorNote error={change.error} />}
      {/* For password managers: whose password it is. */}
      <input type="text" hidden readOnly autoComplete="username" value={username} />
      <PasswordField
        label={say("me.password.current")}
        name="current_password"
        value={current}
        onChange={setCurrent}
        error={tried && faults.current_password}
      />
      <PasswordField
        label={say("me.password.new")}
        description={say("account.password.note")}
        name="new_password"
        fresh
        value={fresh}
        onChange={setFresh}
        error={tried && faults.new_password}
      />
      <div className={forms.answersLeft}>
        <Button type="submit" loading={change.isPending}>
          {say("me.password.change")}
        </Button>
      </div>
    </form>
  );
}
