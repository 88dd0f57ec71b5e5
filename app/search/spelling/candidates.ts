import { editDistance } from '../../util/edit-distance.ts';
import type { KnownWord } from '../vocabulary.repository.ts';

/** Shortest word that is corrected, characters. A shorter word resembles too many others. */
const MIN_CORRECTABLE_CHARS = 3;

/** Tells whether a word may be corrected: at least three characters with a letter among them. */
export const isCorrectable = (word: string): boolean =>
  Array.from(word).length >= MIN_CORRECTABLE_CHARS && /\p{L}/u.test(word);

/** Returns the largest number of edits: one up to four letters, two up to eight, then three. */
const maxEdits = (length: number) => (length <= 4 ? 1 : length <= 8 ? 2 : 3);

/** Selects likely corrections of a folded word, best first: fewest edits, then most items. */
export function bestCorrections(folded: string, known: readonly KnownWord[]): KnownWord[] {
  const limit = maxEdits(folded.length);
  return known
    .map((candidate) => ({ ...candidate, distance: editDistance(folded, candidate.folded, { limit }) }))
    .filter((candidate) => candidate.distance <= limit)
    .sort((a, b) => a.distance - b.distance || b.items - a.items || (a.word < b.word ? -1 : 1));
}

/**
 * Returns every spelling of a word with two neighbours swapped. The trigrams of such a word differ
 * too much to find it (design – desgin).
 */
export function swappedSpellings(folded: string): string[] {
  const letters = Array.from(folded);
  const swapped = letters.slice(1).flatMap((letter, i) => {
    if (letter === letters[i]) return [];
    return [[...letters.slice(0, i), letter, letters[i] ?? '', ...letters.slice(i + 2)].join('')];
  });
  return [...new Set(swapped)];
}
