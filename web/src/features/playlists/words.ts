import type { Task, TaskCounts } from "@/api/tasks";
import { isBusy } from "@/api/tasks";
import { useFault } from "@/features/servers/words";
import { useI18n } from "@/i18n";

/** What a platform is called; a plug-in's has no other name than its own. */
export function usePlatform(): (platform: string) => string {
  const { sayIfKnown } = useI18n();
  return (platform) => sayIfKnown(`platform.${platform}`) ?? platform;
}

const TASK_STATES = ["idle", "waiting", "syncing", "asking", "error", "off", "fresh"] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** A task's state as a person sees it. */
export function stateOf(task: Pick<Task, "status" | "is_enabled" | "last_synced_at">): TaskState {
  if (task.status !== "idle") return TASK_STATES.find((each) => each === task.status) ?? "idle";
  if (!task.is_enabled) return "off";
  return task.last_synced_at === null ? "fresh" : "idle";
}

const COUNTED = ["matched", "review", "missing", "waiting"] as const;

/** A task's songs by verdict, in words; what there is none of is left out. */
export function useCountWords(): (counts: TaskCounts) => string[] {
  const { say } = useI18n();
  return (counts) =>
    COUNTED.flatMap((each) => {
      const count = counts[each] ?? 0;
      return count > 0 ? [say(`task.count.${each}`, { count })] : [];
    });
}

/** When a task is synced next, in words. */
export function useNextSync(): (task: Task, now: number) => string | null {
  const { say, ago } = useI18n();
  return (task, now) => {
    if (!task.is_enabled || isBusy(task)) return null;
    if (task.next_run_at === null) return task.cron_schedule === null ? say("task.next.never") : null;
    if (Date.parse(task.next_run_at) <= now) return say("task.next.due");
    return say("task.next", { time: ago(task.next_run_at, now) });
  };
}

/** What is wrong with a task, and what mends it. */
export function useTaskFault(): (task: Pick<Task, "reason" | "error_message">) => string | null {
  const faultOf = useFault();
  return ({ reason, error_message: message }) => faultOf(reason, message);
}

/** What is searched for in what is shown of a task, without regard to case and width. */
export function fits(task: Task, wanted: string): boolean {
  const words = plain(wanted).split(/\s+/).filter(Boolean);
  const shown = plain(
    [task.name, task.source_title, task.source_owner, ...task.targets.map((each) => each.server_name)].join(
      " ",
    ),
  );
  return words.every((word) => shown.includes(word));
}

const plain = (text: string) => text.normalize("NFKC").toLocaleLowerCase();

/** Whether somebody has to look at a task. */
export const wantsSomebody = (task: Task) =>
  task.needs_approval || task.status === "error" || (task.counts.review ?? 0) > 0;
