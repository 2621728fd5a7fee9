import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { inspectQuery } from "@/api/downloads";
import { IconPodcast } from "@/components/icons";
import { useI18n } from "@/i18n";

/** A text of so many characters is more than words about a link. */
const A_TEXT = 200;

/** Whether what was pasted is something to read. */
export const isReading = (text: string) => text.trim().length >= A_TEXT;

/** Documents by their addresses' endings. */
const DOCUMENT = /\.(pdf|docx|epub|md|txt|html?)([?#]|$)/i;

interface MakePodcastProps {
  /** The one address in the box; null where there is a text instead. */
  url: string | null;
  ask: boolean;
}

/** The verb for reading matter: offered beside the others, never done by itself. */
export function MakePodcast({ url, ask }: MakePodcastProps) {
  const { say } = useI18n();
  const { data } = useQuery({ ...inspectQuery(url ?? ""), enabled: ask && url !== null });
  if (url !== null && !DOCUMENT.test(url) && data?.kind !== "unsupported") return null;
  return (
    <Button
      variant="light"
      leftSection={<IconPodcast size={16} aria-hidden />}
      renderRoot={(props) => (
        <Link to="/podcasts/new" search={url === null ? { box: true } : { url }} {...props} />
      )}
    >
      {say("box.podcast")}
    </Button>
  );
}
