import { getAuthMe } from "@/client";
import { ApiError } from "./errors";

/** The code with which the server closes the socket of an ended session. */
const SESSION_ENDED = 4401;

/** The server gives a sign of life every 20 seconds; after this long without any the connection is given up. */
export const SILENCE_MS = 50_000;

export interface LiveEvent {
  type: string;
  [field: string]: unknown;
}

export interface SocketOptions {
  path: string;
  /** `again`: after a connection was lost, so that events were missed. */
  onOpen?: (again: boolean) => void;
  onEvent: (event: LiveEvent) => void;
  onLost?: () => void;
  /** The session is over: there is no coming back. */
  onEnded: () => void;
}

/** How long to wait before the nth new attempt to connect, in milliseconds: doubled, bounded, with jitter. */
export function backOff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(30_000, 500 * 2 ** attempt);
  return full / 2 + (full / 2) * random();
}

/** Keeps a WebSocket open, through every loss of the connection, until the returned function is called. */
export function keepOpen({ path, onOpen, onEvent, onLost, onEnded }: SocketOptions): () => void {
  let socket: WebSocket | null = null;
  let retry: ReturnType<typeof setTimeout> | null = null;
  let silence: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;
  let lostBefore = false;
  let stopped = false;

  const drop = () => {
    clearTimeout(silence);
    if (socket !== null) socket.onopen = socket.onmessage = socket.onclose = null;
    socket?.close();
    socket = null;
  };
  const stop = () => {
    stopped = true;
    drop();
    if (retry !== null) clearTimeout(retry);
    removeEventListener("online", hurry);
    document.removeEventListener("visibilitychange", onVisible);
  };
  const end = () => {
    if (stopped) return;
    stop();
    onEnded();
  };
  const lose = (opened: boolean) => {
    drop();
    lostBefore = true;
    onLost?.();
    retry = setTimeout(connect, backOff(attempt));
    attempt += 1;
    // A refused handshake looks like a server that is away: only a request tells them apart.
    if (!opened) void isSignedOut().then((over) => over && end());
  };

  const connect = () => {
    retry = null;
    let opened = false;
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}${path}`);
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(() => lose(opened), SILENCE_MS);
    };
    listen();
    socket.onopen = () => {
      opened = true;
      attempt = 0;
      onOpen?.(lostBefore);
      lostBefore = false;
    };
    socket.onmessage = ({ data }) => {
      listen();
      const event: unknown = typeof data === "string" ? parse(data) : null;
      if (isEvent(event)) onEvent(event);
    };
    socket.onclose = ({ code }) => {
      if (code === SESSION_ENDED) end();
      else lose(opened);
    };
  };

  const hurry = () => {
    if (retry === null) return;
    clearTimeout(retry);
    connect();
  };
  const onVisible = () => {
    if (document.visibilityState === "visible") hurry();
  };

  connect();
  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", onVisible);
  return stop;
}

async function isSignedOut(): Promise<boolean> {
  try {
    await getAuthMe();
    return false;
  } catch (error) {
    return error instanceof ApiError && error.status === 401;
  }
}

function isEvent(value: unknown): value is LiveEvent {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
