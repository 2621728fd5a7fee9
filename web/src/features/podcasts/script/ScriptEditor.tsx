import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import {
  isBusy,
  useApproveEpisode,
  useSaveScript,
  useVoiceEpisode,
  type Episode,
  type Script,
} from "@/api/podcasts";
import { ActionBar } from "@/components/ActionBar";
import { forms } from "@/components/Form";
import { IconAlert, IconCheck, IconPodcast } from "@/components/icons";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { useSound } from "../sound";
import {
  addTurn,
  changeTurn,
  differs,
  editOf,
  isWhole,
  joinSegment,
  moveSegment,
  moveTurn,
  removeTurn,
  renameSegment,
  sentOf,
  splitAt,
  spokenSeconds,
  type Edit,
} from "./edit";
import { keepEdit, readEdit } from "./kept";
import styles from "./Script.module.css";
import { SegmentHead } from "./SegmentHead";
import { SourcePassage } from "./SourcePassage";
import { TurnRow } from "./TurnRow";

interface ScriptEditorProps {
  episode: Episode;
  script: Script;
  /** Not the newest version: saving it makes it the newest. */
  isOld: boolean;
}

/** The script as turns in chapters. What was changed is kept by the browser until it is saved. */
export function ScriptEditor({ episode, script, isOld }: ScriptEditorProps) {
  const { say, span } = useI18n();
  const { tell, complain } = useToasts();
  const draftKey = `${episode.id}.${script.version}`;
  const [first] = useState(() => editOf(script));
  const [edit, setEdit] = useState<Edit>(() => readEdit(draftKey) ?? first);
  const [looked, setLooked] = useState<number | null>(null);
  const sound = useSound(complain);
  const save = useSaveScript(episode.id);
  const voice = useVoiceEpisode(episode.id);
  const approve = useApproveEpisode();
  const busy = isBusy(episode);
  const changed = isOld || differs(edit, first);
  const whole = isWhole(edit);
  const speakers = speakersOf(episode, edit);
  const flags = edit.turns.reduce((sum, turn) => sum + (turn.flags?.length ?? 0), 0);
  const seconds = edit.turns.reduce((sum, turn) => sum + spokenSeconds(turn.text), 0);
  const seen = edit.turns.find(({ key }) => key === looked);
  useEffect(() => keepEdit(draftKey, differs(edit, first) ? edit : null), [draftKey, edit, first]);

  const change = (act: (old: Edit) => Edit) => setEdit(act);
  const remove = (key: number) => {
    const before = edit;
    change((old) => removeTurn(old, key));
    tell(say("podcasts.turn.removed"), { label: say("library.undo"), onAct: () => setEdit(before) });
  };
  const store = () => save.mutateAsync(sentOf(edit)).then((saved) => (keepEdit(draftKey, null), saved));
  const speak = async () => {
    try {
      const version = changed ? (await store()).version : script.version;
      if (episode.status === "waiting") await approve.mutateAsync({ id: episode.id, version });
      else await voice.mutateAsync({ version });
      tell(say("podcasts.revoice.started"));
    } catch (error) {
      complain(error);
    }
  };
  const working = save.isPending || voice.isPending || approve.isPending;
  return (
    <div className={styles["editor"]}>
      <div className={styles["summary"]}>
        <span>{say("podcasts.script.turns", { count: edit.turns.length })}</span>
        <span>{say("podcasts.script.length", { time: span(seconds) })}</span>
        {flags > 0 && (
          <span className={styles["flagged"]}>
            <IconAlert size={16} aria-hidden />
            {say("podcasts.script.flags", { count: flags })}
          </span>
        )}
      </div>
      {busy && <p className={forms.note}>{say("podcasts.script.busy")}</p>}
      {isOld && <p className={forms.note}>{say("podcasts.script.old")}</p>}
      {save.error && <ErrorNote error={save.error} />}
      <div className={styles["columns"]}>
        <div className={styles["segments"]}>
          {edit.segments.map((segment, index) => (
            <section key={index} className={styles["segment"]} aria-label={segment.title}>
              <SegmentHead
                title={segment.title}
                index={index}
                count={edit.segments.length}
                disabled={busy}
                onRename={(title) => change((old) => renameSegment(old, index, title))}
                onMove={(by) => change((old) => moveSegment(old, index, by))}
                onJoin={() => change((old) => joinSegment(old, index))}
              />
              <ol className={styles["turns"]}>
                {edit.turns
                  .filter((turn) => turn.segment === index)
                  .map((turn) => (
                    <TurnRow
                      key={turn.key}
                      turn={turn}
                      episodeId={episode.id}
                      speakers={speakers}
                      sound={sound}
                      isLooked={looked === turn.key}
                      disabled={busy}
                      onLook={() => setLooked(turn.key)}
                      onChange={(part) => change((old) => changeTurn(old, turn.key, part))}
                      onAdd={() => change((old) => addTurn(old, turn.key, speakers))}
                      onSplit={() => change((old) => splitAt(old, turn.key, say("podcasts.segment.fresh")))}
                      onMove={(by) => change((old) => moveTurn(old, turn.key, by))}
                      onRemove={() => remove(turn.key)}
                    />
                  ))}
              </ol>
            </section>
          ))}
        </div>
        <aside className={styles["beside"]} aria-label={say("podcasts.passage")}>
          <SourcePassage episode={episode} turn={seen ?? null} />
        </aside>
      </div>
      {!busy && (changed || episode.files.length === 0) && (
        <ActionBar
          label={say("podcasts.script.save")}
          chosen={say(
            !whole
              ? "podcasts.script.empty"
              : changed
                ? "podcasts.script.changed"
                : "podcasts.script.unchanged",
          )}
          clear={say("podcasts.script.discard")}
          onClear={() => setEdit(first)}
        >
          {changed && (
            <Button
              size="xs"
              variant="default"
              disabled={!whole}
              loading={save.isPending}
              onClick={() => void store().then(() => tell(say("podcasts.script.saved")), complain)}
            >
              {say("form.save")}
            </Button>
          )}
          <Button
            size="xs"
            disabled={!whole || working}
            leftSection={
              episode.status === "waiting" ? (
                <IconCheck size={16} aria-hidden />
              ) : (
                <IconPodcast size={16} aria-hidden />
              )
            }
            onClick={() => void speak()}
          >
            {say(episode.status === "waiting" ? "podcasts.approve" : "podcasts.script.speak")}
          </Button>
        </ActionBar>
      )}
    </div>
  );
}

/** Who may speak: the episode's speakers, and whoever else does in the script. */
function speakersOf(episode: Episode, edit: Edit): string[] {
  return [
    ...new Set([...episode.speakers.map(({ name }) => name), ...edit.turns.map(({ speaker }) => speaker)]),
  ];
}
