import { queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import {
  deleteApiV1ServersByServerId,
  getApiV1Servers,
  getApiV1ServersByServerIdLibraries,
  getApiV1ServersByServerIdPlaylists,
  getApiV1ServersKinds,
  postApiV1Servers,
  postApiV1ServersByServerIdTest,
  postApiV1ServersTest,
  putApiV1ServersByServerId,
  type KindOut as ServerKind,
  type LibraryOut as MusicLibrary,
  type ServerCreate,
  type ServerOut as Server,
  type TestAnswer,
} from "@/client";
import { body } from "./http";

export type { MusicLibrary, Server, ServerCreate, ServerKind, TestAnswer };

/** The media servers that one may keep playlists on: nobody has so many that they need pages. */
export const serversQuery = queryOptions({
  queryKey: ["servers", "list"],
  queryFn: ({ signal }) => body(getApiV1Servers({ query: { limit: 1000 }, signal })),
});

export const serverKindsQuery = queryOptions({
  queryKey: ["servers", "kinds"],
  queryFn: ({ signal }) => body(getApiV1ServersKinds({ signal })),
  staleTime: Infinity,
});

/** Asks the server itself, so only where somebody wants to see it. */
export const librariesQuery = (id: number) =>
  queryOptions({
    queryKey: ["servers", "libraries", id],
    queryFn: ({ signal }) => body(getApiV1ServersByServerIdLibraries({ path: { server_id: id }, signal })),
    staleTime: 60_000,
    retry: false,
  });

/** The playlists that are on a server; asks the server itself. */
export const serverPlaylistsQuery = (id: number) =>
  queryOptions({
    queryKey: ["servers", "playlists", id],
    queryFn: ({ signal }) => body(getApiV1ServersByServerIdPlaylists({ path: { server_id: id }, signal })),
    staleTime: 30_000,
    retry: false,
  });

function refreshServers(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({
    queryKey: ["servers"],
    predicate: ({ queryKey }) => queryKey[1] !== "kinds",
  });
}

function useChange<Wanted, Answer>(change: (wanted: Wanted) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    // Tasks tell the names of their servers.
    onSuccess: () =>
      Promise.all([refreshServers(queries), queries.invalidateQueries({ queryKey: ["tasks"] })]),
  });
}

export interface ServerWish {
  /** Null: a new one. */
  id: number | null;
  values: ServerCreate;
}

/** Adds a server or changes one. */
export const useSaveServer = () =>
  useChange(({ id, values }: ServerWish) =>
    body(
      id === null
        ? postApiV1Servers({ body: values })
        : putApiV1ServersByServerId({ path: { server_id: id }, body: values }),
    ),
  );

export const useDeleteServer = () =>
  useChange((id: number) => body(deleteApiV1ServersByServerId({ path: { server_id: id } })));

/** Connects to a saved server, which remembers how it went. */
export function useTestServer() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => body(postApiV1ServersByServerIdTest({ path: { server_id: id } })),
    onSuccess: () => refreshServers(queries),
  });
}

/** Connects with what is typed, before it is saved. */
export const useTryServer = () =>
  useMutation({ mutationFn: (values: ServerCreate) => body(postApiV1ServersTest({ body: values })) });
