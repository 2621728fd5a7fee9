import type { DownloadSettings, DownloadSettingsOut } from "@/api/missing";

/** The settings as they are typed. */
export interface Draft {
  profile: string;
  folder: string;
  /** One search a line, best first. */
  searches: string;
  api: string;
  /** Empty: what is there stays. */
  key: string;
}

export const draftOf = (saved: DownloadSettingsOut): Draft => ({
  profile: saved.profile,
  folder: saved.download_path ?? "",
  searches: saved.searches.join("\n"),
  api: saved.api_url ?? "",
  key: "",
});

const linesOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

/** What was changed, as the server wants it: what is left out stays as it is, empty goes back to what ships. */
export function changesOf(draft: Draft, saved: DownloadSettingsOut): DownloadSettings {
  const changes: DownloadSettings = {};
  const before = draftOf(saved);
  if (draft.profile !== before.profile) changes.profile = draft.profile;
  if (draft.folder.trim() !== before.folder) changes.download_path = draft.folder.trim() || null;
  const searches = linesOf(draft.searches);
  if (searches.join("\n") !== before.searches) changes.searches = searches.length > 0 ? searches : null;
  if (draft.api.trim() !== before.api) changes.api_url = draft.api.trim() || null;
  if (draft.key !== "") changes.api_key = draft.key;
  return changes;
}
