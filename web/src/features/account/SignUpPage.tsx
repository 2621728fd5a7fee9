import { Button, TextInput } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { setupQuery, useSignUp } from "@/api/account";
import { MIN_PASSWORD, PasswordField } from "@/components/PasswordField";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { AccountFrame, frameStyles } from "./AccountFrame";
import { emailFault, firstFault } from "./faults";

/** The first account of an installation, or one's own where registration is open. */
export default function SignUpPage() {
  const { say } = useI18n();
  const { data: setup } = useSuspenseQuery(setupQuery);
  // Making the account changes the answer; the screen keeps the words it began with.
  const [isFirst] = useState(setup.needs_first_user);
  const login = (
    <Link to="/login" search={{}}>
      {say("signup.login")}
    </Link>
  );

  if (!isFirst && !setup.registration_open) {
    return (
      <AccountFrame title={say("signup.title")} lead={say("signup.closed")}>
        {login}
      </AccountFrame>
    );
  }
  return (
    <AccountFrame
      title={say(isFirst ? "signup.titleFirst" : "signup.title")}
      lead={say(isFirst ? "signup.leadFirst" : "signup.lead")}
      other={!isFirst && login}
    >
      <SignUpForm next={isFirst ? "/setup" : "/"} />
    </AccountFrame>
  );
}

function SignUpForm({ next }: { next: "/setup" | "/" }) {
  const { say, language } = useI18n();
  const navigate = useNavigate();
  const signUp = useSignUp();
  const [username, setUsername] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);

  const faults = {
    username: username.trim() === "" ? say("account.username.missing") : null,
    email: emailFault(email, say),
    password: password.length < MIN_PASSWORD ? say("account.password.short") : null,
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (firstFault(event.currentTarget, faults)) return;
    signUp.mutate(
      { username: username.trim(), email: email.trim(), password, language },
      { onSuccess: () => void navigate({ to: next, replace: true }) },
    );
  };

  return (
    <form className={frameStyles["form"]} onSubmit={submit} noValidate>
      {signUp.error && <ErrorNote error={signUp.error} />}
      <TextInput
        label={say("account.username")}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
        error={tried && faults.username}
      />
      <TextInput
        label={say("account.email")}
        description={say("account.email.note")}
        name="email"
        type="email"
        autoComplete="email"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        error={tried && faults.email}
      />
      <PasswordField
        label={say("account.password")}
        description={say("account.password.note")}
        name="password"
        fresh
        value={password}
        onChange={setPassword}
        error={tried && faults.password}
      />
      <Button type="submit" loading={signUp.isPending}>
        {say("signup.submit")}
      </Button>
    </form>
  );
}
