import { ApiError, toApiError } from "./errors";
import { csrfToken, signedOut } from "./http";

interface UploadOptions {
  /** Told how much has gone out, from 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** Sends one file as a form. As `uploadForm` otherwise. */
export function upload<Answer>(path: string, file: File, options: UploadOptions): Promise<Answer> {
  const form = new FormData();
  form.append("file", file);
  return uploadForm(path, form, options);
}

/** Sends a form, and tells how far it is, which `fetch` cannot. Rejects with `ApiError`. */
export function uploadForm<Answer>(
  path: string,
  form: FormData,
  { onProgress, signal }: UploadOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("X-CSRF-Token", csrfToken() ?? "");
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 401) signedOut();
      const answer = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) resolve(answer as Answer);
      else reject(toApiError(answer, request.status));
    };
    request.onerror = () => reject(new ApiError(0, []));
    request.onabort = () => reject(new DOMException("Cancelled", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(form);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
