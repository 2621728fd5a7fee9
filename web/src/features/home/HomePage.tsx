import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { downloadsQuery } from "@/api/downloads";
import { newestItemsQuery } from "@/api/items";
import { linksQuery } from "@/api/links";
import { IconLibrary } from "@/components/icons";
import { Screen, Section } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useNow } from "@/components/useNow";
import { useI18n } from "@/i18n";
import { withWords } from "@/i18n/words";
import { DownloadRow, DownloadRows } from "../downloads/DownloadRow";
import { ItemCard } from "../library/ItemCard";
import { LinkRow } from "../links/LinkRow";
import styles from "./HomePage.module.css";
import { OneBox } from "./OneBox";
import { runningOf } from "./running";

const WaitingPlaylists = lazy(withWords(["states", "tasks"], () => import("./WaitingPlaylists")));

const SHOWN_RUNNING = 20;
const SHOWN_WAITING = 3;
const SHOWN_FAILED = 3;
const SHOWN_NEW = 10;

/** What is happening, and what wants you. */
export default function HomePage() {
  const { say } = useI18n();
  return (
    <Screen title={say("box.title")}>
      <OneBox />
      <Running />
      <Failed />
      <Suspense fallback={null}>
        <WaitingPlaylists />
      </Suspense>
      <Newest />
    </Screen>
  );
}

function Running() {
  const { say } = useI18n();
  // Asked for apart: among the newest of a long queue there is none that runs.
  const downloading = useQuery(downloadsQuery({ status: ["downloading"], perPage: SHOWN_RUNNING }));
  const pending = useQuery(downloadsQuery({ status: ["pending"], perPage: SHOWN_WAITING }));
  const data = downloading.data && pending.data && runningOf(downloading.data, pending.data);
  const error = downloading.error ?? pending.error;
  const refetch = () => Promise.all([downloading.refetch(), pending.refetch()]);
  return (
    <Section
      title={say("home.running")}
      aside={
        <Link to="/downloads" search={{}} className={styles["all"]}>
          {say("home.all")}
        </Link>
      }
    >
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={1} height={80} />}
      {data?.shown.length === 0 && <p className={styles["quiet"]}>{say("home.running.none")}</p>}
      {data && data.shown.length > 0 && (
        <DownloadRows>
          {data.shown.map((download) => (
            <DownloadRow key={download.id} download={download} />
          ))}
        </DownloadRows>
      )}
      {data && data.more > 0 && (
        <Link to="/downloads" search={{ status: "pending" }} className={styles["all"]}>
          {say("home.waiting", { count: data.more })}
        </Link>
      )}
    </Section>
  );
}

function Failed() {
  const { say } = useI18n();
  const { data: downloads } = useQuery(downloadsQuery({ status: ["failed"], perPage: SHOWN_FAILED }));
  const { data: links } = useQuery(linksQuery({ status: "error" }, 1, SHOWN_FAILED));
  const now = useNow();
  const failed = downloads?.downloads.filter(({ status }) => status === "failed") ?? [];
  const failing = links?.links.filter(({ status }) => status === "error") ?? [];
  if (failed.length + failing.length === 0) return null;
  return (
    <Section
      title={say("home.failed")}
      aside={
        <span className={styles["ways"]}>
          {failing.length > 0 && (
            <Link to="/links" search={{ state: "error" }} className={styles["all"]}>
              {say("home.allFailing", { count: links?.total ?? 0 })}
            </Link>
          )}
          {failed.length > 0 && (
            <Link to="/downloads" search={{ status: "failed" }} className={styles["all"]}>
              {say("home.allFailed", { count: downloads?.total ?? 0 })}
            </Link>
          )}
        </span>
      }
    >
      {failing.length > 0 && (
        <ul className={styles["links"]}>
          {failing.map((link) => (
            <LinkRow key={link.id} link={link} now={now} />
          ))}
        </ul>
      )}
      {failed.length > 0 && (
        <DownloadRows>
          {failed.map((download) => (
            <DownloadRow key={download.id} download={download} />
          ))}
        </DownloadRows>
      )}
    </Section>
  );
}

function Newest() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(newestItemsQuery(SHOWN_NEW));
  return (
    <Section
      title={say("home.finished")}
      aside={
        <Link to="/library" search={{}} className={styles["all"]}>
          {say("home.library")}
        </Link>
      }
    >
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={1} height={140} />}
      {data && data.items.length === 0 && (
        <Empty icon={<IconLibrary size={24} />} title={say("home.first")} />
      )}
      {data && data.items.length > 0 && (
        <ul className={styles["wall"]}>
          {data.items.map((item) => (
            <li key={item.id}>
              <ItemCard item={item} />
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
