/** Returns the value at this share (0–1) of the sorted values; 0 when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

/** Returns the median; 0 when there are no values. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);
