/** What a key means in the review. */
export type Act =
  | { act: "down" | "up" | "accept" | "refuse" | "search" | "never" | "undo" | "leave" | "help" }
  | { act: "pick"; number: number };

const ACTS = new Map<string, Exclude<Act["act"], "pick">>(
  Object.entries({
    j: "down",
    ArrowDown: "down",
    k: "up",
    ArrowUp: "up",
    a: "accept",
    x: "refuse",
    s: "search",
    n: "never",
    u: "undo",
    l: "leave",
    "?": "help",
  } as const),
);

export const MOST_CANDIDATES = 5;

type Pressed = Pick<KeyboardEvent, "key" | "altKey" | "ctrlKey" | "metaKey" | "isComposing">;

/** The meaning of a key; null where it has none, or belongs to the browser or to an input method. */
export function actOf(event: Pressed): Act | null {
  if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (/^[1-9]$/.test(key))
    return Number(key) <= MOST_CANDIDATES ? { act: "pick", number: Number(key) } : null;
  const act = ACTS.get(key);
  return act ? { act } : null;
}

/** Whether what has the focus wants the keys for itself: a field, a list of choices, a dialog. */
export function isTaken(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, dialog, audio, video, [contenteditable], [role=menu]") !== null
  );
}

const SWITCH = "magpie.reviewKeys";

/** Single keys can be switched off: a screen reader or a voice may need them. */
export const keysAreOn = (): boolean => localStorage.getItem(SWITCH) !== "off";
export const switchKeys = (on: boolean): void =>
  on ? localStorage.removeItem(SWITCH) : localStorage.setItem(SWITCH, "off");
