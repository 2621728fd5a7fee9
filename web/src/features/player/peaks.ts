/** The lowest and highest values of a waveform in turn (-128 to 127), as this many heights between 0 and 1. */
export function heights(data: readonly number[], count: number): number[] {
  const pairs = Math.floor(data.length / 2);
  const bars = Math.min(count, pairs);
  return Array.from({ length: bars }, (_, bar) => {
    let most = 0;
    const end = Math.floor(((bar + 1) * pairs) / bars) * 2;
    for (let at = Math.floor((bar * pairs) / bars) * 2; at < end; at++)
      most = Math.max(most, Math.abs(data[at] ?? 0));
    return Math.min(1, most / 128);
  });
}

/** The same as the path of an SVG, two units high, one wide for each bar. */
export const pathOf = (bars: readonly number[]): string =>
  bars
    .map((height, at) => {
      const half = Math.max(0.06, height);
      return `M${at + 0.2} ${(1 - half).toFixed(2)}h.6v${(2 * half).toFixed(2)}h-.6z`;
    })
    .join("");
