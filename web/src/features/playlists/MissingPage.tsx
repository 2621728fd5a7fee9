import { PlaylistPlaces } from "@/components/PlaylistPlaces";
import { Screen } from "@/components/Screen";
import { useI18n } from "@/i18n";
import { DownloadSettings } from "./missing/DownloadSettings";
import { SessionsPage } from "./missing/SessionsPage";

/** What is missing from all playlists, and how it is fetched. */
export default function MissingPage() {
  const { say } = useI18n();
  return (
    <Screen title={say("missing.title")}>
      <PlaylistPlaces place="missing" />
      <SessionsPage />
      <DownloadSettings />
    </Screen>
  );
}
