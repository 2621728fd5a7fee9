import type { SongOrder } from "@/api/missing";
import { IconAlert, IconBan, IconCheck, IconClock, IconDownload, IconSearch } from "@/components/icons";
import { Tag } from "@/components/Tag";
import { useI18n } from "@/i18n";

const LOOKS = {
  pending: { icon: IconClock, tone: "plain" },
  searching: { icon: IconSearch, tone: "accent" },
  downloading: { icon: IconDownload, tone: "accent" },
  completed: { icon: IconCheck, tone: "good" },
  failed: { icon: IconAlert, tone: "bad" },
  cancelled: { icon: IconBan, tone: "plain" },
} as const;

/** How the fetching of a song goes, by word, icon and colour. */
export function OrderMark({ order: { status, progress } }: { order: SongOrder }) {
  const { say, percent } = useI18n();
  return (
    <Tag {...LOOKS[status]}>
      {say(`missing.state.${status}`)}
      {status === "downloading" && progress !== null && ` ${percent(progress)}`}
    </Tag>
  );
}

/** Why a song was not fetched, in words. */
export function useOrderFault(): (order: SongOrder) => string | null {
  const { sayIfKnown } = useI18n();
  return ({ reason, error_message: message }) =>
    (reason === null ? null : sayIfKnown(`missing.why.${reason}`)) ?? message;
}

/** What became of a candidate that was tried, in words. */
export function useTried(): (tried: string) => string {
  const { sayIfKnown } = useI18n();
  return (tried) => sayIfKnown(`missing.tried.${tried}`) ?? sayIfKnown(`reason.${tried}`) ?? tried;
}
