import type { MatchFilter, MatchPage, MatchVerdict } from "@/api/review";
import type { TaskTarget } from "@/api/tasks";
import { ChoiceField } from "@/components/ChoiceField";
import { SearchField } from "@/components/SearchField";
import { useI18n } from "@/i18n";
import styles from "./Filters.module.css";
import { VERDICT_LOOKS } from "./VerdictMark";

/** In the order in which they want somebody. */
const ORDER: readonly MatchVerdict[] = ["review", "missing", "matched", "waiting"];

interface FiltersProps {
  filter: MatchFilter;
  counts: MatchPage["counts"] | undefined;
  servers: readonly TaskTarget[];
  onFilter: (next: MatchFilter) => void;
}

/** Verdicts with their counts, words, and the server where there are several. */
export function Filters({ filter, counts, servers, onFilter }: FiltersProps) {
  const { say } = useI18n();
  const several = servers.length > 1;
  return (
    <div className={styles["filters"]} role="search">
      <div className={styles["verdicts"]} role="group" aria-label={say("review.verdicts")}>
        {ORDER.filter(
          (verdict) => verdict !== "waiting" || filter.verdict === verdict || (counts?.waiting ?? 0) > 0,
        ).map((verdict) => {
          const { icon: Icon, tone } = VERDICT_LOOKS[verdict];
          return (
            <button
              key={verdict}
              type="button"
              className={`${styles["verdict"]} ${styles[tone]}`}
              aria-pressed={filter.verdict === verdict}
              onClick={() =>
                onFilter({ ...filter, verdict: filter.verdict === verdict ? undefined : verdict })
              }
            >
              <Icon size={16} aria-hidden />
              {say(`match.verdict.${verdict}`)}
              {counts && <span className={styles["count"]}>{counts[verdict] ?? 0}</span>}
            </button>
          );
        })}
        <button
          type="button"
          className={styles["verdict"]}
          aria-pressed={filter.verdict === undefined}
          onClick={() => onFilter({ ...filter, verdict: undefined })}
        >
          {say("review.all")}
          {counts && <span className={styles["count"]}>{counts.total ?? 0}</span>}
        </button>
      </div>
      <SearchField
        className={styles["search"]}
        label={say("review.searchSongs")}
        value={filter.q ?? ""}
        onSearch={(q) => onFilter({ ...filter, q })}
      />
      {several && (
        <ChoiceField
          label={say("review.server")}
          value={String(filter.server ?? servers[0]?.server_id ?? "")}
          options={servers.map(({ server_id: id, server_name: name }) => [String(id), name] as const)}
          onChange={(id) => onFilter({ ...filter, server: Number(id) })}
        />
      )}
    </div>
  );
}
