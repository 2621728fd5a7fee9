import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import {
  deleteApiV1TasksByTaskId,
  getApiV1Tasks,
  getApiV1TasksByTaskId,
  getApiV1TasksByTaskIdPlan,
  getApiV1TasksByTaskIdRuns,
  getApiV1TasksNextRuns,
  postApiV1Tasks,
  postApiV1TasksByTaskIdApprove,
  postApiV1TasksByTaskIdFile,
  postApiV1TasksByTaskIdSync,
  postApiV1TasksByTaskIdUndo,
  postApiV1TasksRecognise,
  putApiV1TasksByTaskId,
  type MatchOut as Match,
  type OpOut as Op,
  type Recognised,
  type RunLine,
  type RunOut as Run,
  type TargetPlan,
  type TaskCounts,
  type TaskCreate,
  type TaskOut as Task,
  type TaskTarget,
  type TaskUpdate,
} from "@/client";
import { ApiError } from "./errors";
import { body } from "./http";
import type { LiveEvent } from "./socket";

export type {
  Op,
  Recognised,
  Run,
  RunLine,
  TargetPlan,
  Task,
  TaskCounts,
  TaskCreate,
  TaskTarget,
  TaskUpdate,
};
export type Mode = Task["mode"];
export type MatchVerdict = Match["verdict"];

export const FORMATS = ["m3u", "csv", "jspf", "xspf"] as const;
export type Format = (typeof FORMATS)[number];

/** All playlists that are kept in step, newest first. The server hands out 1000 at most; they are searched here. */
export const tasksQuery = queryOptions({
  queryKey: ["tasks", "list"],
  queryFn: ({ signal }) => body(getApiV1Tasks({ query: { limit: 1000 }, signal })),
});

export const taskQuery = (id: number) =>
  queryOptions({
    queryKey: ["tasks", "one", id],
    queryFn: ({ signal }) => body(getApiV1TasksByTaskId({ path: { task_id: id }, signal })),
  });

/** What a pasted text is about. Nobody else is asked, so it is quick. */
export const recognisedQuery = (text: string) =>
  queryOptions({
    queryKey: ["recognised", text],
    queryFn: ({ signal }) => body(postApiV1TasksRecognise({ body: { text }, signal })),
    staleTime: Infinity,
    retry: false,
  });

/** When a schedule would come next. */
export const nextRunsQuery = (cron: string, timezone: string) =>
  queryOptions({
    queryKey: ["tasks", "next-runs", cron, timezone],
    queryFn: ({ signal }) =>
      body(getApiV1TasksNextRuns({ query: { cron_schedule: cron, timezone }, signal })),
    retry: false,
    placeholderData: keepPreviousData,
  });

/** What the next sync would do. Asks the task's servers, and its source if `fresh`, so only on a wish. */
export const planQuery = (task: number, fresh: boolean) =>
  queryOptions({
    queryKey: ["plan", task, fresh],
    queryFn: ({ signal }) =>
      body(getApiV1TasksByTaskIdPlan({ path: { task_id: task }, query: { fresh }, signal })),
    retry: false,
    refetchOnWindowFocus: false,
  });

/** What came of a task's syncs, newest first, page after page. */
export const runsQuery = (task: number) =>
  infiniteQueryOptions({
    queryKey: ["runs", task],
    queryFn: ({ pageParam, signal }) =>
      body(
        getApiV1TasksByTaskIdRuns({
          path: { task_id: task },
          query: { limit: 20, ...(pageParam ? { cursor: pageParam } : {}) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

/** Everything that is shown of tasks, and one task's runs. Its plan asks its servers, so not while a sync runs. */
export function refreshTasks(queries: QueryClient, task: Pick<Task, "id" | "status">): Promise<unknown> {
  const keys = [tasksQuery.queryKey, taskQuery(task.id).queryKey, ["runs", task.id]];
  if (!isBusy(task)) keys.push(["plan", task.id]);
  return Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
}

/** The task as the server has it now goes where it is shown at once; the rest is read anew. */
function useChange<Wanted>(change: (wanted: Wanted) => Promise<Task>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (task) => {
      queries.setQueryData(taskQuery(task.id).queryKey, task);
      return refreshTasks(queries, task);
    },
  });
}

export const useSyncTask = () =>
  useChange((id: number) => body(postApiV1TasksByTaskIdSync({ path: { task_id: id } })));
export const useApproveTask = () =>
  useChange((id: number) => body(postApiV1TasksByTaskIdApprove({ path: { task_id: id } })));
export const useUndoTask = () =>
  useChange((id: number) => body(postApiV1TasksByTaskIdUndo({ path: { task_id: id } })));
export const useSaveTask = (id: number) =>
  useChange((changes: TaskUpdate) => body(putApiV1TasksByTaskId({ path: { task_id: id }, body: changes })));
export const useSendTaskFile = (id: number) =>
  useChange((file: File) => body(postApiV1TasksByTaskIdFile({ path: { task_id: id }, body: { file } })));

export interface NewTask {
  values: TaskCreate;
  file: File | null;
}

/** Keeps a playlist in step. A task for a file is made first, and taken back if its file cannot be read. */
export const useAddTask = () =>
  useChange(async ({ values, file }: NewTask) => {
    const task = await body(postApiV1Tasks({ body: values }));
    if (file === null) return task;
    const path = { task_id: task.id };
    try {
      return await body(postApiV1TasksByTaskIdFile({ path, body: { file } }));
    } catch (error) {
      // Without an answer it is not known what became of the file: the task stays, and shows it.
      if (error instanceof ApiError && error.status > 0) await body(deleteApiV1TasksByTaskId({ path }));
      throw error;
    }
  });

export function useDeleteTask() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => body(deleteApiV1TasksByTaskId({ path: { task_id: id } })),
    onSuccess: ({ id }) => {
      for (const queryKey of [taskQuery(id).queryKey, ["review", id], ["runs", id], ["plan", id]])
        queries.removeQueries({ queryKey });
      return queries.invalidateQueries({ queryKey: tasksQuery.queryKey });
    },
  });
}

/** Where a task's songs can be fetched as a file; `verdict`: only those. */
export function exportAddress(task: number, format: Format, verdicts: readonly MatchVerdict[] = []): string {
  const query = new URLSearchParams([["format", format], ...verdicts.map((each) => ["verdict", each])]);
  return `/api/v1/tasks/${task}/export?${query}`;
}

export const isBusy = ({ status }: Pick<Task, "status">) => status === "waiting" || status === "syncing";

const TOLD_OF_TASKS = [
  "status",
  "name",
  "reason",
  "error_message",
  "last_synced_at",
  "next_run_at",
] as const satisfies readonly (keyof Task)[];
const COUNTED = [
  "total",
  "matched",
  "review",
  "missing",
  "waiting",
] as const satisfies readonly (keyof TaskCounts)[];

/** Puts what is told of a task into everything that is known of it. */
export function mergeTask(queries: QueryClient, event: LiveEvent & { id: number }): void {
  const told = Object.fromEntries(
    TOLD_OF_TASKS.filter((name) => event[name] !== undefined).map((name) => [name, event[name]]),
  ) as Partial<Task>;
  const counts = (event["counts"] ?? {}) as Partial<Record<string, unknown>>;
  const counted = Object.fromEntries(
    COUNTED.filter((name) => typeof counts[name] === "number").map((name) => [name, counts[name]]),
  );
  const merge = (old: Task): Task =>
    old.id === event.id ? { ...old, ...told, counts: { ...old.counts, ...counted } } : old;
  queries.setQueryData<Task>(taskQuery(event.id).queryKey, (old) => old && merge(old));
  queries.setQueryData<Task[]>(tasksQuery.queryKey, (old) =>
    old?.some(({ id }) => id === event.id) ? old.map(merge) : old,
  );
}
