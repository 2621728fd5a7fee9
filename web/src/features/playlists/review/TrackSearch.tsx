import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tracksQuery, type Candidate, type Match } from "@/api/review";
import { Dialog } from "@/components/Dialog";
import { SearchField } from "@/components/SearchField";
import { ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import panel from "./Panel.module.css";
import { Side } from "./Side";
import styles from "./TrackSearch.module.css";

interface TrackSearchProps {
  match: Match;
  server: number;
  onPick: (track: Candidate) => void;
  onClose: () => void;
}

/** Looks for a song among all that the server has, by words. */
export function TrackSearch({ match: { song }, server, onPick, onClose }: TrackSearchProps) {
  const { say } = useI18n();
  const [words, setWords] = useState(song.title.slice(0, 200));
  const { data, error, refetch } = useQuery(tracksQuery(server, words));
  return (
    <Dialog title={say("review.searchTitle")} wide onClose={onClose}>
      <div className={styles["search"]}>
        <div className={styles["wanted"]}>
          <span className={styles["name"]}>{say("review.wanted")}</span>
          <Side facts={song} />
        </div>
        <SearchField
          label={say("review.searchTracks")}
          value={words}
          onSearch={(wanted) => setWords((wanted ?? "").slice(0, 200))}
        />
        {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
        {!data && !error && words && <LoadingRows count={4} height={56} />}
        {data?.length === 0 && <p className={styles["none"]}>{say("review.noTracks")}</p>}
        {data && data.length > 0 && (
          <ul className={panel["candidates"]} aria-label={say("review.tracks")}>
            {data.map((track) => (
              <li key={track.track_id}>
                <button type="button" className={panel["candidate"]} onClick={() => onPick(track)}>
                  <Side facts={track} other={song} measures />
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}
