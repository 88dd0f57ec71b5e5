import type { KnownWord } from '../search.repository.ts';

/** Shorter words are corrected to anything and everything: they are left alone. */
const SHORTEST = 3;

export const isCorrectable = (word: string): boolean =>
  Array.from(word).length >= SHORTEST && /\p{L}/u.test(word);

/** Edits a word may be away from what was meant: one up to four letters, then two, three from nine. */
const allowed = (length: number) => (length <= 4 ? 1 : length <= 8 ? 2 : 3);

/** The likely ones among words similar to a folded one, best first: fewest edits, then the most common. */
export function bestCorrections(folded: string, known: readonly KnownWord[]): KnownWord[] {
  const limit = allowed(folded.length);
  return known
    .map((candidate) => ({ ...candidate, distance: editDistance(folded, candidate.folded, limit) }))
    .filter((candidate) => candidate.distance <= limit)
    .sort((a, b) => a.distance - b.distance || b.items - a.items || (a.word < b.word ? -1 : 1));
}

/**
 * Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment distance); more
 * than `limit` is answered as Infinity.
 */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Infinity;
  let older: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replace, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, (older[j - 2] ?? 0) + 1);
      row.push(best);
    }
    older = last;
    last = row;
  }
  const distance = last[b.length] ?? Infinity;
  return distance <= limit ? distance : Infinity;
}
