import { QueryClient } from "@tanstack/react-query";
import { expect, test } from "vitest";
import { mergeSession, sessionsQuery, taskSessionsQuery, type SongSession } from "./missing";

const session = (id: number): SongSession => ({
  session_id: id,
  task_id: 1,
  status: "running",
  total: 3,
  completed: 0,
  failed: 0,
  cancelled: 0,
  created_at: "2026-01-01T00:00:00Z",
  ended_at: null,
  items: [],
});

test("what is told of a session goes into every list that shows it, and into no other session", () => {
  const queries = new QueryClient();
  queries.setQueryData(sessionsQuery.queryKey, [session(2), session(1)]);
  queries.setQueryData(taskSessionsQuery(1).queryKey, [session(1)]);
  mergeSession(queries, { type: "song_session", id: 1, status: "completed", completed: 2, failed: 1 });
  const told = { ...session(1), status: "completed", completed: 2, failed: 1 };
  expect(queries.getQueryData(sessionsQuery.queryKey)).toEqual([session(2), told]);
  expect(queries.getQueryData(taskSessionsQuery(1).queryKey)).toEqual([told]);
  // An event of a session that is not shown anywhere is no fault.
  mergeSession(new QueryClient(), { type: "song_session", id: 1, status: "running" });
});
