import type { SongCandidate, SongOrder } from "@/api/missing";
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

/** What a candidate turned out to be, in words; null if it is not known to be another song. */
export function useHeard(): (candidate: Pick<SongCandidate, "heard">) => string | null {
  const { say, clock } = useI18n();
  return ({ heard }) => {
    if (!heard) return null;
    const { title, artists, duration } = heard;
    const what = [title, artists.join(", "), duration && clock(duration)].filter(Boolean).join(" · ");
    return say("missing.heard", { what });
  };
}

/** Why a song was not fetched, in words; also what was heard instead of it, the last of it. */
export function useOrderFault(): (order: SongOrder) => string | null {
  const { sayIfKnown } = useI18n();
  const heardOf = useHeard();
  return ({ reason, error_message: message, candidates }) => {
    const why = (reason === null ? null : sayIfKnown(`missing.why.${reason}`)) ?? message;
    if (reason !== "not_the_song") return why;
    const heard = candidates.map(heardOf).findLast((each) => each !== null);
    return [why, heard].filter(Boolean).join(" ");
  };
}

/** What became of a candidate that was tried, in words. */
export function useTried(): (tried: string) => string {
  const { sayIfKnown } = useI18n();
  return (tried) => sayIfKnown(`missing.tried.${tried}`) ?? sayIfKnown(`reason.${tried}`) ?? tried;
}
