import { client } from "@/client/client.gen";
import { toApiError } from "./errors";

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** The cross-site token that the server set at login, for the header of everything that changes something. */
export function csrfToken(): string | null {
  const cookie = document.cookie.split("; ").find((pair) => pair.startsWith("magpie_csrf="));
  return cookie ? decodeURIComponent(cookie.slice("magpie_csrf=".length)) : null;
}

type OnSignedOut = () => void;
let onSignedOut: OnSignedOut = () => undefined;

/** Who is told when the server says that the session is over. */
export function whenSignedOut(callback: OnSignedOut): void {
  onSignedOut = callback;
}

/** The session is over: to be told where it shows elsewhere than in an answer. */
export const signedOut = () => onSignedOut();

export function setUpClient(): void {
  client.setConfig({ baseUrl: location.origin, credentials: "same-origin", throwOnError: true });
  client.interceptors.request.use((request) => {
    const token = SAFE.has(request.method) ? null : csrfToken();
    if (token) request.headers.set("X-CSRF-Token", token);
    return request;
  });
  client.interceptors.error.use((error, response: Response | undefined, request: Request | undefined) => {
    const status = response?.status ?? 0;
    if (status === 401 && request && !new URL(request.url).pathname.startsWith("/auth/")) onSignedOut();
    return toApiError(error, status);
  });
}

/** The body of an answer. The client throws `ApiError` on everything that is not one. */
export async function body<T>(answer: Promise<{ data: T }>): Promise<T> {
  return (await answer).data;
}
