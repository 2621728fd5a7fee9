import { ActionIcon, Button, SegmentedControl } from "@mantine/core";
import { useDebouncedValue, useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState, type ClipboardEvent, type FormEvent, type KeyboardEvent } from "react";
import { inspectQuery, useStartDownloads, type Profile } from "@/api/downloads";
import { BOX_ID, boxShortcut } from "@/app/shortcut";
import { IconFollow, IconX } from "@/components/icons";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { useDraft } from "./draft";
import { KeepPlaylist, PlaylistVerdict } from "./KeepPlaylist";
import { findLinks } from "./links";
import { LinkVerdict } from "./LinkVerdict";
import { isReading, MakePodcast } from "./MakePodcast";
import styles from "./OneBox.module.css";

/** So many links are looked at and shown one by one; the rest are counted. */
const SHOWN = 5;
/** A pasted address is looked at at once, a typed one when the typing rests. */
const REST_MS = 400;

type Problems = ReadonlyMap<string, unknown>;
const NO_PROBLEMS: Problems = new Map();

/** Paste anything: says what it is, and saves it. */
export function OneBox() {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const [text, setText] = useDraft();
  const [profile, setProfile] = useLocalStorage<Profile>({ key: "magpie.profile", defaultValue: "video" });
  const [problems, setProblems] = useState(NO_PROBLEMS);
  const [pasted, setPasted] = useState("");
  const [rested] = useDebouncedValue(text, REST_MS);
  const field = useRef<HTMLTextAreaElement>(null);
  const start = useStartDownloads();

  const links = findLinks(text);
  const known = new Set([...findLinks(rested), ...findLinks(pasted)]);
  // One link that has been looked at, with whatever stands around it.
  const shared = { text: text.trim(), ask: links.length === 1 && known.has(links[0] ?? "") };
  const wordsOnly = text.trim() !== "" && links.length === 0 && rested === text;

  useEffect(() => {
    // On a phone the keyboard would cover half of the screen.
    if (!matchMedia("(pointer: coarse)").matches) field.current?.focus();
  }, []);

  const change = (next: string) => {
    setText(next);
    setProblems(NO_PROBLEMS);
  };

  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (links.length === 0 || start.isPending) return;
    const submitted = text;
    start.mutate(
      { urls: links, profile },
      {
        onSuccess: ({ started, failed }) => {
          if (started.length > 0) tell(say("box.started", { count: started.length }));
          // What could not be started stays; so does what was typed in the meantime.
          const untouched = field.current === null || field.current.value === submitted;
          if (untouched && started.length > 0) setText(failed.map(({ url }) => url).join("\n"));
          setProblems(new Map(failed.map(({ url, error }) => [url, error])));
        },
        onError: complain,
      },
    );
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends a word of an input method is not for us.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };

  const onPaste = (event: ClipboardEvent) => setPasted(event.clipboardData.getData("text"));

  return (
    <form className={styles["box"]} onSubmit={submit}>
      <div className={styles["field"]}>
        <textarea
          ref={field}
          id={BOX_ID}
          className={styles["text"]}
          rows={1}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          placeholder={say("box.placeholder")}
          aria-label={say("box.label")}
          aria-describedby={`${BOX_ID}-found`}
          autoCapitalize="none"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="go"
        />
        {text !== "" && (
          <ActionIcon
            className={styles["clear"]}
            variant="subtle"
            color="gray"
            aria-label={say("box.clear")}
            onClick={() => {
              change("");
              field.current?.focus();
            }}
          >
            <IconX size={18} aria-hidden />
          </ActionIcon>
        )}
      </div>
      <div id={`${BOX_ID}-found`} aria-live="polite">
        {problems.size > 0 && (
          <p className={`${styles["found"]} ${styles["bad"]}`}>
            {say("box.failed", { count: problems.size })}
          </p>
        )}
        {wordsOnly && (
          <p className={`${styles["found"]} ${styles["dim"]}`}>
            {say(isReading(text) ? "box.isText" : "box.noLink")}
          </p>
        )}
        <PlaylistVerdict {...shared} />
        <ul className={styles["found"]}>
          {links.slice(0, SHOWN).map((url) => (
            <LinkVerdict key={url} url={url} problem={problems.get(url)} ask={known.has(url)} />
          ))}
          {links.length > SHOWN && (
            <li className={styles["dim"]}>{say("box.more", { count: links.length - SHOWN })}</li>
          )}
        </ul>
      </div>
      <div className={styles["foot"]}>
        <SegmentedControl
          size="sm"
          aria-label={say("box.kind")}
          value={profile}
          onChange={setProfile}
          data={[
            { value: "video", label: say("box.video") },
            { value: "audio", label: say("box.audio") },
          ]}
        />
        <span className={styles["hint"]}>{say("box.hint", { shortcut: boxShortcut() })}</span>
        <div className={styles["verbs"]}>
          <KeepPlaylist {...shared} />
          {links.length === 1 && <MakePodcast url={links[0] ?? ""} ask={known.has(links[0] ?? "")} />}
          {wordsOnly && isReading(text) && <MakePodcast url={null} ask={false} />}
          {links.length === 1 && <Follow url={links[0] ?? ""} ask={known.has(links[0] ?? "")} />}
          <Button
            type="submit"
            className={styles["save"]}
            disabled={links.length === 0}
            loading={start.isPending}
          >
            {say("box.save", { count: Math.max(1, links.length) })}
          </Button>
        </div>
      </div>
    </form>
  );
}

/** The other verb, where what was pasted goes on: a channel, a playlist, a gallery, a feed. */
function Follow({ url, ask }: { url: string; ask: boolean }) {
  const { say } = useI18n();
  const { data } = useQuery({ ...inspectQuery(url), enabled: ask });
  if (!data?.verbs.includes("follow")) return null;
  return (
    <Button
      variant="light"
      leftSection={<IconFollow size={16} aria-hidden />}
      renderRoot={(props) => <Link to="/links/new" search={{ url }} {...props} />}
    >
      {say("box.follow")}
    </Button>
  );
}
