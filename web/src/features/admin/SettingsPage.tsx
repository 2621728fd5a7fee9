import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { settingsQuery } from "@/api/settings";
import { IconSearch, IconSettings } from "@/components/icons";
import { Section } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { AdminScreen } from "./AdminScreen";
import { SettingRow } from "./SettingRow";
import { grouped, matches, wordsOf, type Words } from "./settings";
import styles from "./SettingsPage.module.css";

/** Every setting, as the server describes it. */
export default function SettingsPage() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(settingsQuery);
  const translated = useTranslated();
  const [wanted, setWanted] = useState("");
  const groups = grouped(data ?? [])
    .map(([group, all]) => {
      const told = all.map((setting) => ({ setting, words: wordsOf(setting, translated) }));
      return { group, told: told.filter(({ setting, words }) => matches(setting, words, wanted)) };
    })
    .filter(({ told }) => told.length > 0);
  return (
    <AdminScreen place="settings">
      <TextInput
        type="search"
        className={styles["search"]}
        aria-label={say("settings.search")}
        placeholder={say("settings.search")}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={6} height={88} />}
      {data && groups.length === 0 && (
        <Empty icon={<IconSettings size={24} />} title={say("settings.none")} />
      )}
      {groups.map(({ group, told }) => (
        <Section key={group} title={say(`settings.group.${group}`)}>
          <ul className={styles["settings"]}>
            {told.map(({ setting, words }) => (
              <SettingRow key={setting.name} setting={setting} words={words} />
            ))}
          </ul>
        </Section>
      ))}
    </AdminScreen>
  );
}

/** The server speaks English; the words of other languages are loaded with this screen alone. */
function useTranslated(): Record<string, Words> | null {
  const { language } = useI18n();
  const { data } = useQuery({
    queryKey: ["settings-words", language],
    queryFn: async () => (language === "zh-CN" ? (await import("@/i18n/zh.settings")).settings : null),
    staleTime: Infinity,
  });
  return data ?? null;
}
