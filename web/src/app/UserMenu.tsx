import { Button, SegmentedControl, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useId } from "react";
import { meQuery, useSignOut } from "@/api/account";
import { Flyout } from "@/components/Flyout";
import { IconSignOut, IconUser } from "@/components/icons";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { LANGUAGES, type Language } from "@/i18n/language";
import styles from "./UserMenu.module.css";

const SCHEMES = ["auto", "light", "dark"] as const;

/** Language, appearance, and the way out. */
export function UserMenu() {
  const { say, language, setLanguage } = useI18n();
  // Without this the change makes a style element, which the policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const { data: me } = useQuery(meQuery);
  const signOut = useSignOutHere();
  const { complain } = useToasts();
  const name = me?.display_name ?? me?.username ?? "";
  const button = (
    <>
      <span
        className={styles["initial"]}
        data-initial={[...name][0]?.toLocaleUpperCase(language)}
        aria-hidden
      />
      <span className={styles["name"]}>{name}</span>
    </>
  );
  return (
    <Flyout label={say("menu.open", { name })} className={styles["user"]} button={button}>
      <span className={styles["who"]}>{name}</span>
      <Button
        variant="default"
        leftSection={<IconUser size={16} aria-hidden />}
        renderRoot={(props) => <Link to="/account" {...props} />}
      >
        {say("menu.account")}
      </Button>
      <Choice<Language>
        label={say("menu.language")}
        value={language}
        onChange={(next) => void setLanguage(next).catch(complain)}
        data={Object.entries(LANGUAGES).map(([value, label]) => ({ value: value as Language, label }))}
      />
      <Choice<MantineColorScheme>
        label={say("menu.scheme")}
        value={colorScheme}
        onChange={setColorScheme}
        data={SCHEMES.map((value) => ({ value, label: say(`menu.scheme.${value}`) }))}
      />
      <Button variant="default" leftSection={<IconSignOut size={16} aria-hidden />} onClick={signOut}>
        {say("menu.signOut")}
      </Button>
    </Flyout>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  onChange: (next: T) => void;
  data: { value: T; label: string }[];
}

function Choice<T extends string>({ label, value, onChange, data }: ChoiceProps<T>) {
  const id = useId();
  return (
    <div className={styles["choice"]}>
      <span id={id} className={styles["label"]}>
        {label}
      </span>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-labelledby={id}
        value={value}
        onChange={onChange}
        data={data}
      />
    </div>
  );
}

function useSignOutHere() {
  const signOut = useSignOut();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { complain } = useToasts();
  return () =>
    signOut.mutate(undefined, {
      onSuccess: () => {
        queries.clear();
        void navigate({ to: "/login" });
      },
      onError: complain,
    });
}
