import { Button, TextInput } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { setupQuery, useSignIn } from "@/api/account";
import { ApiError } from "@/api/errors";
import { forgetReceipt, useImportOutcome } from "@/api/importOutcome";
import { PasswordField } from "@/components/PasswordField";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { AccountFrame, frameStyles } from "./AccountFrame";
import { firstFault } from "./faults";

const route = getRouteApi("/login");

export default function LoginPage() {
  const { say } = useI18n();
  const { next, ended } = route.useSearch();
  const { data: setup } = useSuspenseQuery(setupQuery);
  const router = useRouter();
  const signIn = useSignIn();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const onlyPassword = setup.single_password;

  const faults = {
    username: !onlyPassword && username.trim() === "" ? say("account.username.empty") : null,
    password: password === "" ? say("account.password.empty") : null,
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (firstFault(event.currentTarget, faults)) return;
    signIn.mutate(
      { username: username.trim(), password },
      {
        onSuccess: () => {
          forgetReceipt();
          void router.navigate({ href: next ?? "/", replace: true });
        },
      },
    );
  };

  const why = useWhyEnded();
  const wrong = say(onlyPassword ? "login.wrongPassword" : "login.wrong");
  const refused =
    signIn.error instanceof ApiError && (signIn.error.status === 401 || signIn.error.status === 400);
  return (
    <AccountFrame
      title={say("login.title")}
      lead={say(onlyPassword ? "login.leadPassword" : "login.lead")}
      note={ended && why}
      other={
        <>
          {setup.registration_open && <Link to="/welcome">{say("login.register")}</Link>}
          {!onlyPassword && <Link to="/forgot">{say("login.forgot")}</Link>}
        </>
      }
    >
      <form className={frameStyles["form"]} onSubmit={submit} noValidate>
        {signIn.error && <ErrorNote error={refused ? wrong : signIn.error} />}
        {!onlyPassword && (
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
        )}
        <PasswordField
          label={say("account.password")}
          name="password"
          autoFocus={onlyPassword}
          value={password}
          onChange={setPassword}
          error={tried && faults.password}
        />
        <Button type="submit" loading={signIn.isPending}>
          {say("login.submit")}
        </Button>
      </form>
    </AccountFrame>
  );
}

/** An import that succeeds ends every session: whoever began it wants to hear that first. */
function useWhyEnded(): string {
  const { say } = useI18n();
  const outcome = useImportOutcome();
  if (outcome?.state === "succeeded") return say("login.imported", { count: outcome.rows ?? 0 });
  return say(outcome?.state === "running" ? "login.importing" : "login.again");
}
