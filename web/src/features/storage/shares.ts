/** How much of `whole` a part is, from 0 to 1. */
export function shareOf(part: number, whole: number): number {
  return whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0;
}

interface Room {
  total: number;
  free: number;
  reserve: number;
}

/** A disk as lengths of a bar that is 100 long: what is taken, what stays free, and what can still be used between. */
export function disposition({ total, free, reserve }: Room): { used: number; kept: number; isFull: boolean } {
  const used = shareOf(total - free, total) * 100;
  // What stays free takes no more of the bar than there is.
  const kept = Math.min(shareOf(reserve, total) * 100, 100 - used);
  return { used, kept, isFull: free <= reserve };
}
