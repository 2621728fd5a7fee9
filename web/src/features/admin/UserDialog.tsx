import { Button, Checkbox, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { meQuery } from "@/api/account";
import { useAddUser, useSaveUser, type User } from "@/api/users";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { MIN_PASSWORD, PasswordField } from "@/components/PasswordField";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { emailFault, firstFault } from "@/features/account/faults";
import { useI18n } from "@/i18n";

/** Adds an account, or changes one. */
export function UserDialog({ user, onClose }: { user?: User; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const { data: me } = useQuery(meQuery);
  const add = useAddUser();
  const save = useSaveUser();
  const [username, setUsername] = useState(user?.username ?? "");
  const [email, setEmail] = useState(user?.email ?? "");
  const [password, setPassword] = useState("");
  const [isSuperuser, setIsSuperuser] = useState(user?.is_superuser ?? false);
  const [tried, setTried] = useState(false);

  const wantsPassword = user === undefined || password !== "";
  const mayLackEmail = user !== undefined && user.email === null && email.trim() === "";
  const faults = {
    username: username.trim() === "" ? say("account.username.missing") : null,
    email: mayLackEmail ? null : emailFault(email, say),
    password: wantsPassword && password.length < MIN_PASSWORD ? say("account.password.short") : null,
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (firstFault(event.currentTarget, faults)) return;
    const done = () => {
      tell(say(user ? "users.saved" : "users.added", { name: username.trim() }));
      onClose();
    };
    const account = { username: username.trim(), is_superuser: isSuperuser };
    if (user === undefined) add.mutate({ ...account, email: email.trim(), password }, { onSuccess: done });
    else {
      const changes = { ...(mayLackEmail ? {} : { email: email.trim() }), ...(password ? { password } : {}) };
      save.mutate({ id: user.id, ...account, ...changes }, { onSuccess: done });
    }
  };

  const error = add.error ?? save.error;
  return (
    <Dialog
      title={user ? say("users.editNamed", { name: user.username }) : say("users.add")}
      onClose={onClose}
    >
      <form className={forms.form} onSubmit={submit} noValidate>
        {error && <ErrorNote error={error} />}
        <TextInput
          label={say("account.username")}
          name="username"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          data-autofocus
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          error={tried && faults.username}
        />
        <TextInput
          label={say("account.email")}
          name="email"
          type="email"
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={tried && faults.email}
        />
        <PasswordField
          label={say(user ? "users.newPassword" : "account.password")}
          description={say(user ? "users.newPasswordNote" : "account.password.note")}
          name="password"
          fresh
          value={password}
          onChange={setPassword}
          error={tried && faults.password}
        />
        {me?.id !== user?.id && (
          <Checkbox
            label={say("users.superuser")}
            description={say("users.superuserNote")}
            checked={isSuperuser}
            onChange={(event) => setIsSuperuser(event.currentTarget.checked)}
          />
        )}
        <div className={forms.answers}>
          <Button variant="default" onClick={onClose}>
            {say("form.cancel")}
          </Button>
          <Button type="submit" loading={add.isPending || save.isPending}>
            {say(user ? "form.save" : "users.add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
