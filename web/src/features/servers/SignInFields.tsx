import { PasswordInput, SegmentedControl, TextInput } from "@mantine/core";
import { useId } from "react";
import { useI18n } from "@/i18n";
import type { Draft, Login } from "./draft";
import styles from "./SignInFields.module.css";

interface SignInFieldsProps {
  draft: Draft;
  logins: readonly Login[];
  hasSecret: boolean;
  onChange: (part: Partial<Draft>) => void;
}

/** Token, or name and password; what is saved is never shown. */
export function SignInFields({ draft, logins, hasSecret, onChange }: SignInFieldsProps) {
  const { say, sayIfKnown } = useI18n();
  const id = useId();
  const byToken = draft.login === "token";
  const kept = hasSecret ? say("servers.secretKept") : undefined;
  // A browser that fills in passwords would offer the one for Magpie itself.
  const secret = {
    autoComplete: "off",
    placeholder: hasSecret ? "••••••••" : "",
    visibilityToggleButtonProps: { "aria-label": say("account.password.show"), tabIndex: 0 },
  } as const;
  const username = (
    <TextInput
      label={say(byToken ? "servers.usernameFor" : "servers.username")}
      autoCapitalize="none"
      autoComplete="off"
      spellCheck={false}
      value={draft.username}
      onChange={(event) => onChange({ username: event.currentTarget.value })}
    />
  );
  return (
    <>
      {logins.length > 1 && (
        <div className={styles["ways"]}>
          <span id={id} className={styles["label"]}>
            {say("servers.login")}
          </span>
          <SegmentedControl
            aria-labelledby={id}
            value={draft.login}
            onChange={(login) => onChange({ login: login })}
            data={logins.map((each) => ({ value: each, label: say(`servers.login.${each}`) }))}
          />
        </div>
      )}
      {!byToken && username}
      {byToken ? (
        <PasswordInput
          {...secret}
          label={say("servers.token")}
          description={kept ?? sayIfKnown(`servers.tokenNote.${draft.kind}`)}
          value={draft.token}
          onChange={(event) => onChange({ token: event.currentTarget.value })}
        />
      ) : (
        <PasswordInput
          {...secret}
          label={say("servers.password")}
          description={kept}
          value={draft.password}
          onChange={(event) => onChange({ password: event.currentTarget.value })}
        />
      )}
      {byToken && logins.length > 1 && username}
    </>
  );
}
