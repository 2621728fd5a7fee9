import type { Say } from "@/i18n";

/** What the server answered instead of what was asked for; status 0 where it did not answer at all. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    /** The server's own sentences; empty where it gave none. */
    readonly sentences: readonly string[],
    options?: ErrorOptions,
  ) {
    super(sentences.join(" ") || `HTTP ${status}`, options);
  }
}

/** Reads `{detail: string | [{msg}], errors?: [{msg}]}`, whatever came. */
export function toApiError(error: unknown, status: number): ApiError {
  if (error instanceof ApiError) return error;
  const body = typeof error === "object" && error !== null ? (error as Record<string, unknown>) : {};
  const faults = [...messages(body["errors"]), ...messages(body["detail"])];
  const detail = typeof body["detail"] === "string" && faults.length === 0 ? [body["detail"]] : [];
  return new ApiError(status, [...faults, ...detail], { cause: error });
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

/** Whether the server says that there is no such thing here, or at least none for this user. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 422);
}

/** An error in words for people. */
export function explain(error: unknown, say: Say): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  if (error.status === 0) return say("error.network");
  if (error.status === 429) return say("error.busy");
  if (error.sentences.length > 0 && error.status < 500) return error.sentences.join(" ");
  return say("error.server", { status: error.status });
}
