// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { whenSignedOut } from "./http";
import { upload } from "./upload";

class FakeRequest {
  static latest: FakeRequest;
  upload: { onprogress: ((event: { loaded: number; total: number }) => void) | null } = { onprogress: null };
  onload: (() => void) | null = null;
  onerror: (() => void) | null = null;
  onabort: (() => void) | null = null;
  status = 0;
  responseText = "";
  sent: FormData | null = null;
  readonly headers: Record<string, string> = {};

  constructor() {
    FakeRequest.latest = this;
  }
  open() {}
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  send(form: FormData) {
    this.sent = form;
  }
  abort() {
    this.onabort?.();
  }
  answer(status: number, text: string) {
    this.status = status;
    this.responseText = text;
    this.onload?.();
  }
}

const FILE = new File(["-- a dump"], "backup.sql");

beforeEach(() => {
  vi.stubGlobal("XMLHttpRequest", FakeRequest);
  document.cookie = "magpie_csrf=token";
});
afterEach(() => {
  document.cookie = "magpie_csrf=; max-age=0";
});

function start() {
  const onProgress = vi.fn();
  const stop = new AbortController();
  return {
    onProgress,
    stop,
    answer: upload<{ receipt: string }>("/import", FILE, { onProgress, signal: stop.signal }),
  };
}

test("tells how far it is, and hands over the answer", async () => {
  const { onProgress, answer } = start();
  FakeRequest.latest.upload.onprogress?.({ loaded: 1, total: 4 });
  expect(onProgress).toHaveBeenLastCalledWith(0.25);
  FakeRequest.latest.answer(200, '{"receipt":"abc"}');
  await expect(answer).resolves.toEqual({ receipt: "abc" });
  expect((FakeRequest.latest.sent?.get("file") as File).name).toBe("backup.sql");
  expect(FakeRequest.latest.headers).toEqual({ "X-CSRF-Token": "token" });
});

test("a refusal comes in the server's words", async () => {
  const { answer } = start();
  FakeRequest.latest.answer(400, '{"detail":"Validation Error","errors":[{"msg":"Only .sql files."}]}');
  await expect(answer).rejects.toMatchObject({ status: 400, sentences: ["Only .sql files."] });
});

test("an answer that is none, no answer, and a stop are told apart", async () => {
  const broken = start();
  FakeRequest.latest.answer(502, "<h1>Bad gateway</h1>");
  await expect(broken.answer).rejects.toMatchObject({ status: 502 });
  const away = start();
  FakeRequest.latest.onerror?.();
  await expect(away.answer).rejects.toMatchObject({ status: 0 });
  const stopped = start();
  stopped.stop.abort();
  await expect(stopped.answer).rejects.toMatchObject({ name: "AbortError" });
});

test("a session that is over is noticed", async () => {
  const signedOut = vi.fn();
  whenSignedOut(signedOut);
  const { answer } = start();
  FakeRequest.latest.answer(401, '{"detail":"Sign in"}');
  await expect(answer).rejects.toMatchObject({ status: 401 });
  expect(signedOut).toHaveBeenCalledOnce();
});
