import type { Server, ServerCreate, ServerKind } from "@/api/servers";

export type Login = "token" | "password";

/** The form of a server as it is typed. Its secrets are kept nowhere else. */
export interface Draft {
  name: string;
  kind: string;
  url: string;
  login: Login;
  token: string;
  username: string;
  password: string;
  library: string;
  verify: boolean;
  shared: boolean;
  root: string;
}

/** How one signs in to a kind of server, the better way first. */
export function loginsOf(kind: ServerKind | undefined): Login[] {
  const known = (["password", "token"] as const).filter((each) => kind?.logins.includes(each));
  return known.length > 0 ? known : ["token"];
}

export function draftOf(server: Server | null, kinds: readonly ServerKind[]): Draft {
  const kind = kinds.find(({ name }) => name === (server?.server_type ?? "plex")) ?? kinds[0];
  const [first = "token"] = loginsOf(kind);
  return {
    name: server?.name ?? "",
    kind: server?.server_type ?? kind?.name ?? "plex",
    url: server?.url ?? "",
    // A secret does not tell what it is; a user's name beside it does, mostly.
    login: server && !server.username && loginsOf(kind).includes("token") ? "token" : first,
    token: "",
    username: server?.username ?? "",
    password: "",
    library: server?.library_id ?? "",
    verify: server?.verify_tls ?? true,
    shared: server?.is_shared ?? false,
    root: server?.media_root ?? "",
  };
}

/** What is sent. A secret that is not typed is not sent: the one that is there stays. */
export function valuesOf(draft: Draft): ServerCreate {
  const secret = draft.login === "token" ? draft.token.trim() : draft.password;
  return {
    name: draft.name.trim(),
    server_type: draft.kind,
    url: draft.url.trim(),
    username: draft.username.trim() || null,
    ...(secret ? { [draft.login]: secret } : {}),
    library_id: draft.library || null,
    verify_tls: draft.verify,
    media_root: draft.root.trim() || null,
  };
}

/** Whether the saved server would be asked in another way than the form says: a test of it would tell nothing. */
export function isAsked(draft: Draft, server: Server): boolean {
  const saved = draftOf(server, []);
  return (
    draft.kind === saved.kind &&
    draft.url.trim() === saved.url &&
    draft.username.trim() === saved.username &&
    draft.verify === saved.verify
  );
}

/** The name of a new server, until somebody gives another: what its kind is called. */
export const nameOf = (draft: Draft, kinds: readonly ServerKind[]) =>
  draft.name.trim() || (kinds.find(({ name }) => name === draft.kind)?.title ?? "");
