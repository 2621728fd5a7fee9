import { Button, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useFetchSong, type Single, type SongCandidate, type Unmatched } from "@/api/missing";
import { Dialog } from "@/components/Dialog";
import { forms } from "@/components/Form";
import { IconDownload, IconExternal } from "@/components/icons";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { speaksFor, useReasonWords } from "../review/reasons";
import { Side } from "../review/Side";
import styles from "./Missing.module.css";
import { useHeard, useTried } from "./OrderMark";

interface PickDialogProps {
  task: number;
  song: Unmatched;
  /** What the last search has found, best first. */
  candidates: readonly SongCandidate[];
  onClose: () => void;
}

/** A song fetched by hand: one of what was found, an address, or a search with other words. */
export function PickDialog({ task, song, candidates, onClose }: PickDialogProps) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const fetchOne = useFetchSong();
  const order = (more: Partial<Single>) =>
    fetchOne.mutate(
      { task_id: task, song_id: song.song_id, ...more },
      {
        onSuccess: () => {
          tell(say("missing.startedOne", { title: song.title }));
          onClose();
        },
      },
    );
  return (
    <Dialog title={say("missing.pickTitle", { title: song.title })} wide onClose={onClose}>
      <div className={styles["pick"]}>
        <Side facts={song} />
        {fetchOne.error && <ErrorNote error={fetchOne.error} />}
        {candidates.length > 0 && (
          <ul className={styles["candidates"]} aria-label={say("review.candidates")}>
            {candidates.map((candidate) => (
              <CandidateRow
                key={candidate.url}
                candidate={candidate}
                song={song}
                busy={fetchOne.isPending}
                onPick={() => order({ url: candidate.url })}
              />
            ))}
          </ul>
        )}
        <Otherwise song={song} busy={fetchOne.isPending} onOrder={order} />
      </div>
    </Dialog>
  );
}

interface CandidateRowProps {
  candidate: SongCandidate;
  song: Unmatched;
  busy: boolean;
  onPick: () => void;
}

function CandidateRow({ candidate, song, busy, onPick }: CandidateRowProps) {
  const { say, percent } = useI18n();
  const wordsOf = useReasonWords();
  const triedWords = useTried();
  const heard = useHeard()(candidate);
  const { title, url, reasons, tried, score } = candidate;
  const doubts = reasons.filter((reason) => !speaksFor(reason)).map(wordsOf);
  return (
    <li className={styles["candidate"]}>
      <div className={styles["about"]}>
        <Side facts={{ ...candidate, album: null }} other={song} reasons={reasons} measures />
        <span className={styles["line"]}>
          {candidate.search && <span>{candidate.search}</span>}
          <span>{percent(score)}</span>
          {doubts.length > 0 && <span>{doubts.join(" · ")}</span>}
          {tried && <span className={styles["fault"]}>{triedWords(tried)}</span>}
          {heard && <span dir="auto">{heard}</span>}
        </span>
      </div>
      <div className={styles["actions"]}>
        {/^https?:\/\//i.test(url) && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconExternal size={16} aria-hidden />}
            component="a"
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            aria-label={say("missing.listenNamed", { title })}
          >
            {say("missing.listen")}
          </Button>
        )}
        <Button
          size="xs"
          leftSection={<IconDownload size={16} aria-hidden />}
          aria-label={say("missing.fetchNamed", { title })}
          disabled={busy}
          onClick={onPick}
        >
          {say("missing.fetch")}
        </Button>
      </div>
    </li>
  );
}

interface OtherwiseProps {
  song: Unmatched;
  busy: boolean;
  onOrder: (more: Partial<Single>) => void;
}

/** An address wins over words: it needs no search. */
function Otherwise({ song, busy, onOrder }: OtherwiseProps) {
  const { say } = useI18n();
  const [title, setTitle] = useState(song.title);
  const [artist, setArtist] = useState(song.artist);
  const [url, setUrl] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onOrder(url.trim() ? { url: url.trim() } : { title: title.trim(), artist: artist.trim() });
  };
  return (
    <form className={forms.form} onSubmit={submit}>
      <TextInput
        label={say("missing.searchTitle")}
        value={title}
        disabled={url.trim() !== ""}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <TextInput
        label={say("missing.searchArtist")}
        value={artist}
        disabled={url.trim() !== ""}
        onChange={(event) => setArtist(event.currentTarget.value)}
      />
      <TextInput
        label={say("missing.address")}
        description={say("missing.addressNote")}
        type="url"
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <div className={forms.answers}>
        <Button type="submit" loading={busy} disabled={!url.trim() && !title.trim()}>
          {say(url.trim() ? "missing.fetch" : "missing.searchAgain")}
        </Button>
      </div>
    </form>
  );
}
