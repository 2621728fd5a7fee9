import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  redirect,
} from "@tanstack/react-router";
import type { ReactNode } from "react";
import { meQuery, setupQuery } from "@/api/account";
import { OUTCOMES, type AuditFilter } from "@/api/audit";
import { STATUSES, type Status } from "@/api/downloads";
import { CHECK_STATUSES, type HistoryFilter } from "@/api/history";
import { KINDS, SORTS, type ItemFilter, type Sort } from "@/api/items";
import {
  LINK_SORTS,
  LINK_STATUSES,
  LINK_TYPES,
  VERDICTS,
  type EntryFilter,
  type LinkFilter,
} from "@/api/links";
import { LEVELS, type LogFilter } from "@/api/logs";
import { withWords, type Part } from "@/i18n/words";
import { Broken, NotFound, Pending } from "./fallbacks";
import { Shell } from "./Shell";

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({});

/** A screen comes when it is gone to, with the parts of the catalogue that it says. */
const screen = (parts: readonly Part[], load: () => Promise<{ default: () => ReactNode }>) =>
  lazyRouteComponent(withWords(parts, load));

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;

const oneOf = <T extends string>(value: unknown, known: readonly T[]): T | undefined =>
  known.find((candidate) => candidate === value);

const pageNumber = (value: unknown): number | undefined =>
  Number.isInteger(value) && Number(value) > 1 ? Number(value) : undefined;

/** A place on this page to go on to; anything that could lead elsewhere is dropped. */
export function ownPlace(value: unknown): string | undefined {
  return typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;
}

export interface LoginSearch {
  next?: string | undefined;
  ended?: true | undefined;
}

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search): LoginSearch => ({
    next: ownPlace(search["next"]),
    ended: search["ended"] === true ? true : undefined,
  }),
  beforeLoad: async ({ context }) => {
    const setup = await context.queries.ensureQueryData(setupQuery);
    if (setup.needs_first_user && !setup.single_password) throw redirect({ to: "/welcome" });
  },
  component: screen([], () => import("@/features/account/LoginPage")),
});

const welcome = createRoute({
  getParentRoute: () => root,
  path: "/welcome",
  // Always asked anew: somebody else may have made the first account in the meantime.
  beforeLoad: ({ context }) => context.queries.fetchQuery(setupQuery),
  component: screen([], () => import("@/features/account/SignUpPage")),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  component: screen(["account"], () => import("@/features/account/ForgotPage")),
});

export interface ResetSearch {
  token?: string | undefined;
}

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  validateSearch: (search): ResetSearch => ({ token: text(search["token"]) }),
  component: screen(["account"], () => import("@/features/account/ResetPage")),
});

/** Rows are numbered; what is no number is asked for all the same, and the server says that there is no such. */
const numbered = {
  parse: ({ id }: { id: string }) => ({ id: Number(id) }),
  stringify: ({ id }: { id: number }) => ({ id: String(id) }),
};

/** Everything behind the login, in the frame with the navigation. */
const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: async ({ context, location }) => {
    const me = await context.queries.ensureQueryData(meQuery);
    if (me !== null) return { me };
    const setup = await context.queries.fetchQuery(setupQuery);
    if (setup.needs_first_user && !setup.single_password) throw redirect({ to: "/welcome" });
    throw redirect({ to: "/login", search: location.href === "/" ? {} : { next: location.href } });
  },
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  component: screen(["reasons", "states", "tasks"], () => import("@/features/home/HomePage")),
});

export interface DownloadsSearch {
  status?: Status | undefined;
  page?: number | undefined;
}

const downloads = createRoute({
  getParentRoute: () => shell,
  path: "/downloads",
  validateSearch: (search): DownloadsSearch => ({
    status: oneOf(search["status"], STATUSES),
    page: pageNumber(search["page"]),
  }),
  component: screen(["reasons", "states"], () => import("@/features/downloads/DownloadsPage")),
});

const download = createRoute({
  getParentRoute: () => shell,
  path: "/downloads/$id",
  params: numbered,
  component: screen(["reasons", "states"], () => import("@/features/downloads/DownloadPage")),
});

export interface LibrarySearch extends ItemFilter {
  sort?: Sort | undefined;
  view?: "list" | undefined;
}

const rowNumber = (value: unknown): number | undefined =>
  Number.isInteger(Number(value)) && Number(value) > 0 ? Number(value) : undefined;

const library = createRoute({
  getParentRoute: () => shell,
  path: "/library",
  validateSearch: (search): LibrarySearch => ({
    q: text(search["q"]),
    kind: oneOf(search["kind"], KINDS),
    site: text(search["site"]),
    artist: text(search["artist"]),
    album: text(search["album"]),
    genre: text(search["genre"]),
    tag: text(search["tag"]),
    link_id: rowNumber(search["link_id"]),
    collection_id: rowNumber(search["collection_id"]),
    is_favourite: search["is_favourite"] === true ? true : undefined,
    sort: oneOf(search["sort"], SORTS),
    view: oneOf(search["view"], ["list"] as const),
  }),
  component: screen(["collections", "library"], () => import("@/features/library/LibraryPage")),
});

const collections = createRoute({
  getParentRoute: () => shell,
  path: "/library/collections",
  component: screen(["collections", "library"], () => import("@/features/collections/CollectionsPage")),
});

export interface CollectionSearch {
  view?: "list" | undefined;
}

const collection = createRoute({
  getParentRoute: () => shell,
  path: "/library/collections/$id",
  params: numbered,
  validateSearch: (search): CollectionSearch => ({ view: oneOf(search["view"], ["list"] as const) }),
  component: screen(["collections", "library"], () => import("@/features/collections/CollectionPage")),
});

const trash = createRoute({
  getParentRoute: () => shell,
  path: "/library/trash",
  component: screen(["care"], () => import("@/features/trash/TrashPage")),
});

const storage = createRoute({
  getParentRoute: () => shell,
  path: "/library/storage",
  component: screen(["care"], () => import("@/features/storage/StoragePage")),
});

const feeds = createRoute({
  getParentRoute: () => shell,
  path: "/library/feeds",
  component: screen(["care"], () => import("@/features/feeds/FeedsPage")),
});

const item = createRoute({
  getParentRoute: () => shell,
  path: "/library/$id",
  params: numbered,
  component: screen(["collections", "library"], () => import("@/features/library/ItemPage")),
});

export interface LinksSearch extends Omit<LinkFilter, "enabled" | "status"> {
  /** A state, or `off` for those that are not checked. */
  state?: LinkFilter["status"] | "off" | undefined;
  page?: number | undefined;
}

const links = createRoute({
  getParentRoute: () => shell,
  path: "/links",
  validateSearch: (search): LinksSearch => ({
    q: text(search["q"]),
    tag: text(search["tag"]),
    site: text(search["site"]),
    type: oneOf(search["type"], LINK_TYPES),
    state: oneOf(search["state"], [...LINK_STATUSES, "off"] as const),
    sort: oneOf(search["sort"], LINK_SORTS),
    page: pageNumber(search["page"]),
  }),
  component: screen(["following", "reasons", "states"], () => import("@/features/links/LinksPage")),
});

export interface NewLinkSearch {
  url?: string | undefined;
}

const newLink = createRoute({
  getParentRoute: () => shell,
  path: "/links/new",
  validateSearch: (search): NewLinkSearch => ({ url: text(search["url"]) }),
  component: screen(["following", "reasons", "states"], () => import("@/features/links/NewLinkPage")),
});

const importLinks = createRoute({
  getParentRoute: () => shell,
  path: "/links/import",
  component: screen(["following", "states"], () => import("@/features/links/ImportPage")),
});

const link = createRoute({
  getParentRoute: () => shell,
  path: "/links/$id",
  params: numbered,
  validateSearch: (search): EntryFilter => ({
    verdict: oneOf(search["verdict"], VERDICTS),
    reason: text(search["reason"]),
    q: text(search["q"]),
  }),
  component: screen(["following", "reasons", "states"], () => import("@/features/links/LinkPage")),
});

const editLink = createRoute({
  getParentRoute: () => shell,
  path: "/links/$id/edit",
  params: numbered,
  component: screen(["following", "reasons", "states"], () => import("@/features/links/EditLinkPage")),
});

const history = createRoute({
  getParentRoute: () => shell,
  path: "/links/history",
  validateSearch: (search): HistoryFilter => ({
    link: Number(search["link"]) > 0 ? Number(search["link"]) : undefined,
    status: oneOf(search["status"], CHECK_STATUSES),
  }),
  component: screen(["following", "reasons"], () => import("@/features/history/HistoryPage")),
});

const sites = createRoute({
  getParentRoute: () => shell,
  path: "/links/sites",
  component: screen(["following", "reasons"], () => import("@/features/sites/SitesPage")),
});

const profiles = createRoute({
  getParentRoute: () => shell,
  path: "/links/profiles",
  component: screen(["following"], () => import("@/features/profiles/ProfilesPage")),
});

export interface PlaylistsSearch {
  q?: string | undefined;
}

const playlists = createRoute({
  getParentRoute: () => shell,
  path: "/playlists",
  validateSearch: (search): PlaylistsSearch => ({ q: text(search["q"]) }),
  component: screen(["playlists", "states", "tasks"], () => import("@/features/playlists/PlaylistsPage")),
});

export interface NewPlaylistSearch {
  /** What was pasted elsewhere. */
  text?: string | undefined;
}

const newPlaylist = createRoute({
  getParentRoute: () => shell,
  path: "/playlists/new",
  validateSearch: (search): NewPlaylistSearch => ({ text: text(search["text"]) }),
  component: screen(["playlists", "states", "tasks"], () => import("@/features/playlists/NewTaskPage")),
});

const servers = createRoute({
  getParentRoute: () => shell,
  path: "/playlists/servers",
  component: screen(["playlists", "states", "tasks"], () => import("@/features/servers/ServersPage")),
});

const missing = createRoute({
  getParentRoute: () => shell,
  path: "/playlists/missing",
  component: screen(["reasons", "review"], () => import("@/features/playlists/MissingPage")),
});

export interface PlaylistSearch {
  /** Left out: its songs. */
  tab?: "missing" | "plan" | "runs" | "settings" | undefined;
}

const playlist = createRoute({
  getParentRoute: () => shell,
  path: "/playlists/$id",
  params: numbered,
  validateSearch: (search): PlaylistSearch => ({
    tab: oneOf(search["tab"], ["missing", "plan", "runs", "settings"] as const),
  }),
  component: screen(
    ["playlists", "reasons", "review", "states", "tasks"],
    () => import("@/features/playlists/TaskPage"),
  ),
});

const podcasts = createRoute({
  getParentRoute: () => shell,
  path: "/podcasts",
  component: screen(["podcasts"], () => import("@/features/podcasts/PodcastsPage")),
});

export interface NewPodcastSearch {
  /** Of the library. */
  items?: number[] | undefined;
  url?: string | undefined;
  text?: string | undefined;
  /** Another episode, whose script is the matter. */
  episode?: string | undefined;
  template?: string | undefined;
  /** What stands in the one box of the start page. */
  box?: true | undefined;
}

const rowNumbers = (value: unknown): number[] | undefined => {
  const numbers = (Array.isArray(value) ? value : []).filter(
    (each): each is number => Number.isInteger(each) && Number(each) > 0,
  );
  return numbers.length > 0 ? numbers : undefined;
};

const newPodcast = createRoute({
  getParentRoute: () => shell,
  path: "/podcasts/new",
  validateSearch: (search): NewPodcastSearch => ({
    items: rowNumbers(search["items"]),
    url: text(search["url"]),
    text: text(search["text"]),
    episode: text(search["episode"]),
    template: text(search["template"]),
    box: search["box"] === true ? true : undefined,
  }),
  component: screen(["podcasts"], () => import("@/features/podcasts/make/NewEpisodePage")),
});

const podcastTemplates = createRoute({
  getParentRoute: () => shell,
  path: "/podcasts/templates",
  component: screen(["podcasts"], () => import("@/features/podcasts/templates/TemplatesPage")),
});

export interface PodcastDigestsSearch {
  /** A followed link to make a digest of. */
  link?: number | undefined;
}

const podcastDigests = createRoute({
  getParentRoute: () => shell,
  path: "/podcasts/digests",
  validateSearch: (search): PodcastDigestsSearch => ({ link: rowNumber(search["link"]) }),
  component: screen(["podcasts"], () => import("@/features/podcasts/digests/DigestsPage")),
});

export interface PodcastSearch {
  /** Left out: to be heard. */
  tab?: "script" | "about" | undefined;
}

const podcast = createRoute({
  getParentRoute: () => shell,
  path: "/podcasts/$id",
  validateSearch: (search): PodcastSearch => ({ tab: oneOf(search["tab"], ["script", "about"] as const) }),
  component: screen(["podcasts"], () => import("@/features/podcasts/EpisodePage")),
});

const account = createRoute({
  getParentRoute: () => shell,
  path: "/account",
  beforeLoad: ({ context }) => context.queries.ensureQueryData(setupQuery),
  component: screen(["account", "states"], () => import("@/features/account/AccountPage")),
});

/** Where an administrator looks after everybody. For others there is no such place. */
const admin = createRoute({
  getParentRoute: () => shell,
  path: "/admin",
  beforeLoad: ({ context }) => {
    if (!context.me.is_superuser) throw notFound();
  },
});

const adminStart = createRoute({
  getParentRoute: () => admin,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/admin/users" });
  },
});

const users = createRoute({
  getParentRoute: () => admin,
  path: "/users",
  component: screen(["admin"], () => import("@/features/admin/UsersPage")),
});

const settings = createRoute({
  getParentRoute: () => admin,
  path: "/settings",
  component: screen(["admin"], () => import("@/features/admin/SettingsPage")),
});

const backups = createRoute({
  getParentRoute: () => admin,
  path: "/backups",
  component: screen(["admin"], () => import("@/features/admin/BackupsPage")),
});

const health = createRoute({
  getParentRoute: () => admin,
  path: "/health",
  component: screen(["admin"], () => import("@/features/admin/HealthPage")),
});

const logs = createRoute({
  getParentRoute: () => admin,
  path: "/logs",
  validateSearch: (search): LogFilter => ({
    level: oneOf(search["level"], LEVELS),
    q: text(search["q"]),
    download: Number(search["download"]) > 0 ? Number(search["download"]) : undefined,
  }),
  component: screen(["admin"], () => import("@/features/admin/LogsPage")),
});

const day = (value: unknown): string | undefined =>
  typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined;

const audit = createRoute({
  getParentRoute: () => admin,
  path: "/audit",
  validateSearch: (search): AuditFilter => ({
    username: text(search["username"]),
    action: text(search["action"]),
    outcome: oneOf(search["outcome"], OUTCOMES),
    from: day(search["from"]),
    to: day(search["to"]),
  }),
  component: screen(["admin"], () => import("@/features/admin/AuditPage")),
});

const artists = createRoute({
  getParentRoute: () => shell,
  path: "/playlists/artists",
  component: screen(["review"], () => import("@/features/playlists/artists/ArtistsPage")),
});

/** After the first account was made: a few things to know, outside of the frame. */
const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  beforeLoad: async ({ context }) => {
    const me = await context.queries.ensureQueryData(meQuery);
    if (!me?.is_superuser) throw redirect({ to: "/" });
  },
  component: screen(["account"], () => import("@/features/account/SetupPage")),
});

const tree = root.addChildren([
  login,
  welcome,
  forgot,
  reset,
  setup,
  shell.addChildren([
    home,
    downloads,
    download,
    library,
    collections,
    collection,
    trash,
    storage,
    feeds,
    item,
    links,
    newLink,
    importLinks,
    link,
    editLink,
    history,
    sites,
    profiles,
    artists,
    playlists,
    newPlaylist,
    missing,
    servers,
    playlist,
    podcasts,
    newPodcast,
    podcastTemplates,
    podcastDigests,
    podcast,
    account,
    admin.addChildren([adminStart, users, settings, backups, health, logs, audit]),
  ]),
]);

export function createAppRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    scrollRestoration: true,
    defaultErrorComponent: Broken,
    defaultNotFoundComponent: NotFound,
    defaultPendingComponent: Pending,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
