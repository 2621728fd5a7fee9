import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { meQuery, useTellLanguage } from "@/api/account";
import { follow } from "@/api/events";
import { signedOut } from "@/api/http";
import {
  IconAdmin,
  IconDownload,
  IconFollow,
  IconHome,
  IconLibrary,
  IconList,
  IconOffline,
  IconPodcast,
} from "@/components/icons";
import { Mark } from "@/components/Mark";
import { useHasQueue } from "@/features/player/store";
import { useI18n } from "@/i18n";
import { withWords } from "@/i18n/words";
import { focusBox, isBoxShortcut } from "./shortcut";
import styles from "./Shell.module.css";
import { UserMenu } from "./UserMenu";

const PLACES = [
  { to: "/", key: "nav.home", icon: IconHome },
  { to: "/downloads", key: "nav.downloads", icon: IconDownload },
  { to: "/links", key: "nav.links", icon: IconFollow },
  { to: "/playlists", key: "nav.playlists", icon: IconList },
  { to: "/podcasts", key: "nav.podcasts", icon: IconPodcast },
  { to: "/library", key: "nav.library", icon: IconLibrary },
] as const;
const ADMIN_PLACE = { to: "/admin", key: "nav.admin", icon: IconAdmin } as const;

const PlayerBar = lazy(withWords(["library"], () => import("@/features/player/PlayerBar")));

/** Shown only when the connection has been away for this long: a blink is no news. */
const OFFLINE_AFTER_MS = 2500;

function useLive(): boolean {
  const queries = useQueryClient();
  const [connected, setConnected] = useState(true);
  const [offline, setOffline] = useState(false);
  useEffect(() => follow({ queries, onConnected: setConnected, onEnded: signedOut }), [queries]);
  useEffect(() => {
    const timer = setTimeout(() => setOffline(!connected), connected ? 0 : OFFLINE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [connected]);
  return offline;
}

function useBoxShortcut() {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isBoxShortcut(event)) return;
      event.preventDefault();
      if (!focusBox()) void navigate({ to: "/" }).then(() => focusBox());
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [navigate]);
}

/** The account is written to in the language that was last chosen on a page of it; at first, in that of the first page. */
function useToldLanguage(known: string | null | undefined) {
  const { language, chosen } = useI18n();
  const { mutate: tell } = useTellLanguage();
  const told = useRef<string | null>(null);
  const wanted = chosen ?? (known === null ? language : null);
  useEffect(() => {
    // Once for each choice: another page may be in another language, and then the two of them would never agree.
    if (known === undefined || wanted === null || wanted === told.current) return;
    told.current = wanted;
    if (wanted !== known) tell(wanted);
  }, [known, wanted, tell]);
}

/** The frame around everything behind the login. */
export function Shell() {
  const { say } = useI18n();
  const offline = useLive();
  const { data: me } = useQuery(meQuery);
  const plays = useHasQueue();
  useBoxShortcut();
  useToldLanguage(me?.language);
  const places = me?.is_superuser ? [...PLACES, ADMIN_PLACE] : PLACES;
  return (
    <div className={styles["shell"]}>
      <a href="#content" className={styles["skip"]}>
        {say("app.skip")}
      </a>
      <header className={styles["side"]}>
        <Link to="/" className={styles["brand"]}>
          <Mark />
          {say("app.name")}
        </Link>
        <nav className={styles["nav"]} aria-label={say("nav.label")}>
          {places.map(({ to, key, icon: Icon }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: to === "/", includeSearch: false }}
              className={styles["link"]}
            >
              <Icon size={20} aria-hidden />
              {say(key)}
            </Link>
          ))}
        </nav>
        <UserMenu />
      </header>
      <main id="content" tabIndex={-1} className={styles["main"]}>
        <Outlet />
      </main>
      {plays && (
        <Suspense fallback={null}>
          <PlayerBar />
        </Suspense>
      )}
      <div className={styles["offline"]} role="status">
        {offline && (
          <>
            <IconOffline size={16} aria-hidden />
            {say("nav.offline")}
          </>
        )}
      </div>
    </div>
  );
}
