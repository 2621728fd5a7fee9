import { describe, expect, test } from "vitest";
import type { Server, ServerKind } from "@/api/servers";
import { draftOf, isAsked, loginsOf, nameOf, valuesOf } from "./draft";

const kind = (name: string, logins: string[]): ServerKind => ({
  name,
  title: name.toUpperCase(),
  logins,
  can_move: true,
  can_replace: false,
  can_describe: true,
  can_poster: true,
  can_scan_path: true,
  keeps_duplicates: true,
});
const KINDS = [kind("jellyfin", ["token", "password"]), kind("plex", ["token"])];

const server: Server = {
  id: 3,
  user_id: 1,
  name: "Den",
  server_type: "jellyfin",
  url: "http://nas:8096",
  username: "ada",
  has_secret: true,
  verify_tls: false,
  is_shared: true,
  is_locked: false,
  library_id: "7",
  media_root: null,
  version: null,
  checked_at: null,
  reason: null,
  message: null,
  indexed_at: null,
  track_count: 0,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
};

test("offers the ways to sign in that a kind takes, the better one first", () => {
  expect(loginsOf(KINDS[0])).toEqual(["password", "token"]);
  expect(loginsOf(KINDS[1])).toEqual(["token"]);
  expect(loginsOf(undefined)).toEqual(["token"]);
});

test("a new server is a Plex with a token, called after its kind until it has a name", () => {
  const draft = draftOf(null, KINDS);
  expect([draft.kind, draft.login, draft.verify]).toEqual(["plex", "token", true]);
  expect(nameOf(draft, KINDS)).toBe("PLEX");
  expect(nameOf({ ...draft, name: " Den " }, KINDS)).toBe("Den");
});

describe("what is sent", () => {
  test("holds no secret that was not typed, so that the saved one stays", () => {
    const values = valuesOf(draftOf(server, KINDS));
    expect(values).toEqual({
      name: "Den",
      server_type: "jellyfin",
      url: "http://nas:8096",
      username: "ada",
      library_id: "7",
      verify_tls: false,
      media_root: null,
    });
  });

  test("holds the secret of the chosen way only", () => {
    const draft = { ...draftOf(server, KINDS), token: " t ", password: " p " };
    expect(valuesOf(draft)).toMatchObject({ password: " p " });
    expect(valuesOf(draft)).not.toHaveProperty("token");
    expect(valuesOf({ ...draft, login: "token" })).toMatchObject({ token: "t" });
  });
});

test("knows when a test of the saved server would say nothing about what is typed", () => {
  const draft = draftOf(server, KINDS);
  expect(isAsked(draft, server)).toBe(true);
  expect(isAsked({ ...draft, name: "Other", library: "" }, server)).toBe(true);
  expect(isAsked({ ...draft, url: "http://nas:8097" }, server)).toBe(false);
  expect(isAsked({ ...draft, verify: true }, server)).toBe(false);
});
