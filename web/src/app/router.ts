import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { Broken, NotFound, Pending } from "./fallbacks";
import { accountRoutes, atTheDoor } from "./routes/account";
import { adminRoutes } from "./routes/admin";
import { downloadRoutes } from "./routes/downloads";
import { root, shell } from "./routes/frame";
import { libraryRoutes } from "./routes/library";
import { linkRoutes } from "./routes/links";
import { playlistRoutes } from "./routes/playlists";
import { podcastRoutes } from "./routes/podcasts";

const tree = root.addChildren([
  ...atTheDoor,
  shell.addChildren([
    ...downloadRoutes,
    ...libraryRoutes,
    ...linkRoutes,
    ...playlistRoutes,
    ...podcastRoutes,
    ...accountRoutes,
    adminRoutes,
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
