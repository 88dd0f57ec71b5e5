import { editDistance } from '../../util/edit-distance.ts';
import type { KnownWord } from '../search.repository.ts';

/** Shorter words are applyCorrections to anything and everything: they are left alone. */
const MIN_CORRECTABLE_CHARS = 3;

export const isCorrectable = (word: string): boolean =>
  Array.from(word).length >= MIN_CORRECTABLE_CHARS && /\p{L}/u.test(word);

/** Edits a word may be away from what was meant: one up to four letters, then two, three from nine. */
const maxEdits = (length: number) => (length <= 4 ? 1 : length <= 8 ? 2 : 3);

/** The likely ones among words similar to a folded one, best first: fewest edits, then the most common. */
export function bestCorrections(folded: string, known: readonly KnownWord[]): KnownWord[] {
  const limit = maxEdits(folded.length);
  return known
    .map((candidate) => ({ ...candidate, distance: editDistance(folded, candidate.folded, { limit }) }))
    .filter((candidate) => candidate.distance <= limit)
    .sort((a, b) => a.distance - b.distance || b.items - a.items || (a.word < b.word ? -1 : 1));
}
