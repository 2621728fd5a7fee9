/** Schedules that most people mean. */
export const PRESETS = {
  never: "",
  hourly: "0 * * * *",
  sixHourly: "0 */6 * * *",
  daily: "0 4 * * *",
  weekly: "0 4 * * 1",
} as const;
export type Preset = keyof typeof PRESETS;

/** Which of them a schedule is; `own` for all others. */
export function presetOf(cron: string): Preset | "own" {
  const line = cron.trim().replaceAll(/\s+/g, " ");
  const found = (Object.keys(PRESETS) as Preset[]).find((each) => PRESETS[each] === line);
  return found ?? "own";
}

/** The time zone of the one who looks. */
export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** The time zones to choose from; the one in use among them, whatever the browser knows. */
export function zones(...used: string[]): string[] {
  return [...new Set([...used, "UTC", ...Intl.supportedValuesOf("timeZone")])].sort();
}
