import type { Translation } from "@/i18n";

/** What the server answered instead of what was asked for; status 0 where it did not answer at all. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  /** The server's code of the first thing that is wrong. */
  readonly code: string | null;

  constructor(
    readonly status: number,
    /** The server's own sentences; empty where it gave none. */
    readonly sentences: readonly string[],
    { code = null, ...options }: ErrorOptions & { code?: string | null } = {},
  ) {
    super(sentences.join(" ") || `HTTP ${status}`, options);
    this.code = code;
  }
}

/** Reads `{detail: string | [{msg}], errors?: [{msg}]}`, whatever came. */
export function toApiError(error: unknown, status: number): ApiError {
  if (error instanceof ApiError) return error;
  const body = typeof error === "object" && error !== null ? (error as Record<string, unknown>) : {};
  const faults = [...messages(body["errors"]), ...messages(body["detail"])];
  const detail = typeof body["detail"] === "string" && faults.length === 0 ? [body["detail"]] : [];
  return new ApiError(status, [...faults, ...detail], { cause: error, code: codeOf(body["errors"]) });
}

function messages(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((fault: unknown) => {
    const message =
      typeof fault === "object" && fault !== null ? (fault as Record<string, unknown>)["msg"] : null;
    // Pydantic puts the kind of error before a validator's own words.
    return typeof message === "string" ? [message.replace(/^Value error, /, "")] : [];
  });
}

function codeOf(faults: unknown): string | null {
  const first: unknown = Array.isArray(faults) ? faults[0] : null;
  const code =
    typeof first === "object" && first !== null ? (first as Record<string, unknown>)["type"] : null;
  return typeof code === "string" ? code : null;
}

/** Whether the server says that there is no such thing here, or at least none for this user. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 422);
}

/** What Vite, Chromium, Firefox and Safari say when a part of the page cannot be loaded. */
const NOT_LOADED = /preload CSS|dynamically imported module|Importing a module script failed/;

/** An error in words for people. */
export function explain(
  error: unknown,
  { say, sayIfKnown }: Pick<Translation, "say" | "sayIfKnown">,
): string {
  if (!(error instanceof ApiError)) {
    const told = error instanceof Error ? error.message : String(error);
    return NOT_LOADED.test(told) ? say("error.network") : told;
  }
  if (error.status === 0) return say("error.network");
  if (error.status === 429) return say("error.busy");
  const told = error.code && sayIfKnown(`fault.${error.code}`);
  if (told) return told;
  if (error.sentences.length > 0 && error.status < 500) return error.sentences.join(" ");
  return say("error.server", { status: error.status });
}
