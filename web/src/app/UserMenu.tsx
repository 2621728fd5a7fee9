import { Menu, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { meQuery, useSignOut } from "@/api/account";
import { IconSignOut } from "@/components/icons";
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
  const onPhone = useMediaQuery("(max-width: 47.99em)");
  const signOut = useSignOutHere();
  const name = me?.username ?? "";
  return (
    <Menu position={onPhone ? "bottom-end" : "top-start"} width={208} shadow="md">
      <Menu.Target>
        <UnstyledButton className={styles["user"]} aria-label={say("menu.open", { name })}>
          <span className={styles["initial"]} aria-hidden>
            {[...name][0]?.toLocaleUpperCase(language)}
          </span>
          <span className={styles["name"]}>{name}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{say("menu.language")}</Menu.Label>
        <Menu.RadioGroup value={language} onChange={(next) => setLanguage(next as Language)}>
          {Object.entries(LANGUAGES).map(([tag, ownName]) => (
            <Menu.RadioItem key={tag} value={tag} lang={tag}>
              {ownName}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{say("menu.scheme")}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(next) => setColorScheme(next as MantineColorScheme)}>
          {SCHEMES.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme}>
              {say(`menu.scheme.${scheme}`)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item leftSection={<IconSignOut size={16} aria-hidden />} onClick={signOut}>
          {say("menu.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
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
