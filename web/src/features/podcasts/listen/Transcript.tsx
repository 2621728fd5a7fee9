import { Checkbox } from "@mantine/core";
import { memo, useEffect, useRef, useState } from "react";
import { useI18n } from "@/i18n";
import styles from "./Listen.module.css";
import { indexAt, type Cue } from "./vtt";

interface TranscriptProps {
  cues: readonly Cue[];
  time: number;
  onSeek: (seconds: number) => void;
}

/** What is said, with the turn and the word that is being said marked; each turn leads to its place. */
export function Transcript({ cues, time, onSeek }: TranscriptProps) {
  const { say } = useI18n();
  const [follows, setFollows] = useState(true);
  const list = useRef<HTMLOListElement>(null);
  const now = indexAt(cues, time);
  useEffect(() => {
    const box = list.current;
    const cue = box?.children[now];
    // The list alone is scrolled: the page stays where it is.
    if (!follows || !(cue instanceof HTMLElement) || !box) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.scrollTo({ top: cue.offsetTop - box.clientHeight / 3, behavior: calm ? "auto" : "smooth" });
  }, [now, follows]);
  return (
    <>
      <Checkbox
        label={say("podcasts.transcript.follow")}
        checked={follows}
        onChange={(event) => setFollows(event.currentTarget.checked)}
      />
      <ol ref={list} className={styles["cues"]} tabIndex={0} aria-label={say("podcasts.transcript")}>
        {cues.map((cue, at) => (
          <CueLine
            key={at}
            cue={cue}
            word={at === now ? indexAt(cue.words, time) : -1}
            isNow={at === now}
            isSame={cues[at - 1]?.speaker === cue.speaker}
            onSeek={onSeek}
          />
        ))}
      </ol>
    </>
  );
}

interface CueLineProps {
  cue: Cue;
  word: number;
  isNow: boolean;
  isSame: boolean;
  onSeek: (seconds: number) => void;
}

const CueLine = memo(function CueLine({ cue, word, isNow, isSame, onSeek }: CueLineProps) {
  const { clock } = useI18n();
  return (
    <li className={styles["cue"]} aria-current={isNow ? "true" : undefined}>
      <button type="button" className={styles["cueTime"]} onClick={() => onSeek(cue.start)}>
        {clock(Math.floor(cue.start))}
      </button>
      <p className={styles["said"]} dir="auto">
        {!isSame && cue.speaker && <strong className={styles["speaker"]}>{cue.speaker}</strong>}
        {isNow && cue.words.length > 0
          ? cue.words.map((each, at) => (
              <span key={at} className={at === word ? styles["word"] : undefined}>
                {each.text}
              </span>
            ))
          : cue.text}
      </p>
    </li>
  );
});
