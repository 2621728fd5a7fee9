import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { useRequestReset } from "@/api/account";
import { forms } from "@/components/Form";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { AccountFrame } from "./AccountFrame";
import { emailFault, firstFault } from "./faults";

/** Asks for a reset. The answer is the same whether or not there is such an account. */
export default function ForgotPage() {
  const { say } = useI18n();
  const ask = useRequestReset();
  const [email, setEmail] = useState("");
  const [tried, setTried] = useState(false);
  const faults = { email: emailFault(email, say) };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (!firstFault(event.currentTarget, faults)) ask.mutate(email.trim());
  };
  const login = (
    <Link to="/login" search={{}}>
      {say("forgot.login")}
    </Link>
  );
  if (ask.isSuccess) {
    return (
      <AccountFrame title={say("forgot.asked")} lead={say("forgot.askedLead")} other={login}>
        <p>{say("forgot.askedText")}</p>
      </AccountFrame>
    );
  }
  return (
    <AccountFrame title={say("forgot.title")} lead={say("forgot.lead")} other={login}>
      <form className={forms.form} onSubmit={submit} noValidate>
        {ask.error && <ErrorNote error={ask.error} />}
        <TextInput
          label={say("account.email")}
          name="email"
          type="email"
          autoComplete="email"
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={tried && faults.email}
        />
        <Button type="submit" loading={ask.isPending}>
          {say("forgot.submit")}
        </Button>
      </form>
    </AccountFrame>
  );
}
