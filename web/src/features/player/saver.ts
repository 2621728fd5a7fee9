/** At most so often a position is sent while playing, in milliseconds. */
const EVERY_MS = 10_000;
/** Less than this from either end is not worth coming back to, in seconds. */
const EDGE = 10;
/** What is shorter begins anew: nobody wants a song from its middle. In seconds. */
const LONG = 600;

type Send = (position: number, leaving: boolean) => void;

/** Sends where playing is: now and then while it goes on, and at once when it stops. */
export class Saver {
  private sent: number | null = null;
  private at = -Infinity;

  constructor(
    private readonly send: Send,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** While playing. */
  tick(position: number): void {
    if (this.at === -Infinity) this.at = this.now();
    else if (this.now() - this.at >= EVERY_MS) this.flush(position);
  }

  /** When it stops, or when the page is left. */
  flush(position: number, leaving = false): void {
    if (this.sent !== null ? Math.abs(position - this.sent) < 1 : position < 1) return;
    this.sent = position;
    this.at = this.now();
    this.send(position, leaving);
  }
}

interface Played {
  position: number;
  is_finished: boolean;
}

/** Where to go on, in seconds; null: at the beginning. `isVideo`: also what is short. */
export function resumeAt(played: Played | null, duration: number | null, isVideo: boolean): number | null {
  if (!played || played.is_finished || played.position <= EDGE) return null;
  if (duration === null) return isVideo ? played.position : null;
  if (!isVideo && duration < LONG) return null;
  return played.position < duration - EDGE ? played.position : null;
}
