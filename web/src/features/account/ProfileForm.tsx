import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { User } from "@/api/account";
import { useSaveProfile } from "@/api/me";
import { forms } from "@/components/Form";
import { PasswordField } from "@/components/PasswordField";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { emailFault, firstFault } from "./faults";

/** Name and address of the signed-in user. */
export function ProfileForm({ me }: { me: User }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const save = useSaveProfile();
  const [username, setUsername] = useState(me.username);
  const [displayName, setDisplayName] = useState(me.display_name ?? "");
  const [email, setEmail] = useState(me.email ?? "");
  const [password, setPassword] = useState("");
  const [tried, setTried] = useState(false);
  const otherEmail = email.trim() !== (me.email ?? "");

  const faults = {
    username: username.trim() === "" ? say("account.username.missing") : null,
    email: email.trim() === "" ? null : emailFault(email, say),
    current_password: otherEmail && password === "" ? say("account.password.empty") : null,
  };

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (firstFault(event.currentTarget, faults)) return;
    save.mutate(
      {
        username: username.trim(),
        display_name: displayName.trim() || null,
        ...(otherEmail ? { email: email.trim() || null, current_password: password } : {}),
      },
      {
        onSuccess: () => {
          setPassword("");
          setTried(false);
          tell(say("me.saved"));
        },
      },
    );
  };
  return (
    <form className={forms.narrow} onSubmit={submit} noValidate>
      {save.error && <ErrorNote error={save.error} />}
      <TextInput
        label={say("account.username")}
        name="username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        value={username}
        onChange={(event) => setUsername(event.currentTarget.value)}
        error={tried && faults.username}
      />
      <TextInput
        label={say("me.displayName")}
        description={say("me.displayName.note")}
        name="display_name"
        autoComplete="name"
        maxLength={100}
        value={displayName}
        onChange={(event) => setDisplayName(event.currentTarget.value)}
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
      {otherEmail && (
        <PasswordField
          label={say("me.password.current")}
          description={say("me.emailPassword")}
          name="current_password"
          value={password}
          onChange={setPassword}
          error={tried && faults.current_password}
        />
      )}
      <div className={forms.answersLeft}>
        <Button type="submit" loading={save.isPending}>
          {say("form.save")}
        </Button>
      </div>
    </form>
  );
}
