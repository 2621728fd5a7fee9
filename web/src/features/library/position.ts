/** Where playing an item stopped, in seconds; kept in this browser. */
const name = (id: number) => `magpie.position.${id}`;

/** Less than this from either end is not worth coming back to, in seconds. */
const EDGE = 10;

export function recall(id: number, duration: number): number | null {
  try {
    const seconds = Number(localStorage.getItem(name(id)));
    return seconds > EDGE && seconds < duration - EDGE ? seconds : null;
  } catch {
    return null;
  }
}

export function remember(id: number, seconds: number): void {
  try {
    if (seconds > EDGE) localStorage.setItem(name(id), String(Math.floor(seconds)));
    else localStorage.removeItem(name(id));
  } catch {
    // Storage may be forbidden or full: then playing begins at the beginning.
  }
}

export function forget(id: number): void {
  remember(id, 0);
}
