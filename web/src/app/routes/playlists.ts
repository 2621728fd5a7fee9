import { createRoute } from "@tanstack/react-router";
import { numbered, screen, shell } from "./frame";
import { oneOf, text } from "./search";

interface PlaylistsSearch {
  q?: string | undefined;
}

const playlists = createRoute({
  getParentRoute: () => shell,
  path: "/playlists",
  validateSearch: (search): PlaylistsSearch => ({ q: text(search["q"]) }),
  component: screen(["playlists", "states", "tasks"], () => import("@/features/playlists/PlaylistsPage")),
});

interface NewPlaylistSearch {
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

interface PlaylistSearch {
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

const artists = createRoute({
  getParentRoute: () => shell,
  path: "/playlists/artists",
  component: screen(["review"], () => import("@/features/playlists/artists/ArtistsPage")),
});

export const playlistRoutes = [playlists, newPlaylist, servers, missing, artists, playlist] as const;
