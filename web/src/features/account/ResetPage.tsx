import { Button } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useState, type FormEvent } from "react";
import { useResetPassword } from "@/api/account";
import { forms } from "@/components/Form";
import { MIN_PASSWORD, PasswordField } from "@/components/PasswordField";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { AccountFrame } from "./AccountFrame";
import { firstFault } from "./faults";

const route = getRouteApi("/reset");

/** A new password by the link from the mail. */
export default function ResetPage() {
  const { say } = useI18n();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  // Out of the address bar and the history, where others could find it.
  const [token] = useState(search.token);
  useEffect(() => {
    if (search.token !== undefined) void navigate({ search: {}, replace: true });
  }, [search.token, navigate]);

  const reset = useResetPassword();
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const faults = { password: password.length < MIN_PASSWORD ? say("account.password.short") : null };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (token === undefined || firstFault(event.currentTarget, faults)) return;
    reset.mutate({ token, password });
  };
  if (reset.isSuccess) {
    return (
      <AccountFrame title={say("reset.done")} lead={say("reset.doneLead")}>
        <Link to="/login" search={{}}>
          {say("login.submit")}
        </Link>
      </AccountFrame>
    );
  }
  const again = <Link to="/forgot">{say("reset.again")}</Link>;
  if (token === undefined) {
    return (
      <AccountFrame title={say("reset.title")} lead={say("reset.noToken")}>
        {again}
      </AccountFrame>
    );
  }
  return (
    <AccountFrame title={say("reset.title")} lead={say("reset.lead")} other={again}>
      <form className={forms.form} onSubmit={submit} noValidate>
        {reset.error && <ErrorNote error={reset.error} />}
        <PasswordField
          label={say("me.password.new")}
          description={say("account.password.note")}
          name="password"
          fresh
          autoFocus
          value={password}
          onChange={setPassword}
          error={tried && faults.password}
        />
        <Button type="submit" loading={reset.isPending}>
          {say("reset.submit")}
        </Button>
      </form>
    </AccountFrame>
  );
}
