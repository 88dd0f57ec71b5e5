/** How {@link editDistance} counts. */
export interface EditDistanceOptions {
  /** Largest distance of interest, edits. Returns Infinity for a larger one. Default: no limit. */
  limit?: number;
  /** Whether a swap of two neighbours counts as one edit (default) or as two. */
  swaps?: boolean;
}

/**
 * Counts the edits between two strings: insertions, deletions, replacements, swaps of neighbours.
 *
 * This is the optimal string alignment distance; without `swaps` it is the Levenshtein distance.
 * Units are UTF-16 code units. Time grows with the product of both lengths.
 *
 * @example
 * editDistance('kisas', 'kissa'); // 1
 * editDistance('kisas', 'kissa', { swaps: false }); // 2
 * editDistance('kissa', 'koira', { limit: 2 }); // Infinity
 */
export function editDistance(
  a: string,
  b: string,
  { limit = Infinity, swaps = true }: EditDistanceOptions = {},
): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
      const isSwap = swaps && i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) best = Math.min(best, (beforePrevious[j - 2] ?? 0) + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  const distance = previous[b.length] ?? Infinity;
  return distance <= limit ? distance : Infinity;
}
