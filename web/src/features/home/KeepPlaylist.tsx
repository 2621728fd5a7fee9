import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { recognisedQuery } from "@/api/tasks";
import { IconList } from "@/components/icons";
import { usePlatform } from "@/features/playlists/words";
import { useI18n } from "@/i18n";
import styles from "./OneBox.module.css";

/** What the server takes as a share text. */
const MAX_TEXT = 8192;

const useRecognised = (text: string, ask: boolean) =>
  useQuery({ ...recognisedQuery(text), enabled: ask && text !== "" && text.length <= MAX_TEXT });

interface KeepProps {
  /** All that stands in the box: a share text says more than its link. */
  text: string;
  ask: boolean;
}

/** The verb for a playlist of a music platform: keep it in step on a media server. */
export function KeepPlaylist({ text, ask }: KeepProps) {
  const { say } = useI18n();
  const { data } = useRecognised(text, ask);
  if (!data?.platform) return null;
  return (
    <Button
      variant="light"
      leftSection={<IconList size={16} aria-hidden />}
      renderRoot={(props) => <Link to="/playlists/new" search={{ text }} {...props} />}
    >
      {say("box.keep")}
    </Button>
  );
}

/** What it is, in a line of its own. */
export function PlaylistVerdict({ text, ask }: KeepProps) {
  const { say } = useI18n();
  const platformOf = usePlatform();
  const { data } = useRecognised(text, ask);
  if (!data?.platform) return null;
  return (
    <p className={`${styles["found"]} ${styles["keep"]}`}>
      <IconList size={16} aria-hidden />
      <span>{say("box.isPlaylist", { platform: platformOf(data.platform) })}</span>
    </p>
  );
}
