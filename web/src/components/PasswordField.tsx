import { PasswordInput } from "@mantine/core";
import { useI18n } from "@/i18n";

/** What the server asks of a new password at least; it knows the common ones besides. */
export const MIN_PASSWORD = 8;

interface PasswordFieldProps {
  label: string;
  name: string;
  value: string;
  onChange: (next: string) => void;
  error?: string | null | false;
  description?: string;
  /** Whether it is one to be chosen; else it is the one that the person has. */
  fresh?: boolean;
  autoFocus?: boolean;
}

/** A password, hidden until its owner wants to see it. */
export function PasswordField({ fresh = false, onChange, error, ...rest }: PasswordFieldProps) {
  const { say } = useI18n();
  return (
    <PasswordInput
      {...rest}
      autoComplete={fresh ? "new-password" : "current-password"}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error || undefined}
      visibilityToggleButtonProps={{ "aria-label": say("account.password.show"), tabIndex: 0 }}
    />
  );
}
