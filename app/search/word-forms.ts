import type { Database } from '../db/client.ts';
import { setBounded } from '../util/bounded-map.ts';
import { finnishForms } from './finnish/inflect.ts';
import type { Forms } from './plan/ranking.ts';
import { fold } from './text/words.ts';
import { spellingsInLibrary, indexedForms, type IndexedForms } from './vocabulary.repository.ts';

/** Largest number of cached words: some MB at most. A library has few common words. */
const MAX_CACHED_WORDS = 20_000;

/**
 * Largest length of a short stem, letters.
 *
 * The index may level the last consonant of a stem of three letters. It then matches too many
 * words: kädet, kadut and katu all become kat. English inflections keep the consonant (cats,
 * hitting).
 */
const MAX_SHORT_STEM_LETTERS = 3;
const LEVELLED_CONSONANT = /[kpt]$/;
const ENGLISH_ENDING = /^.?(s|es|ed|ing|er|ers|y)$/;

/** Cached lookup of word forms. */
export interface WordForms {
  /** Returns the indexed forms of these words. */
  indexed(words: readonly string[]): Promise<IndexedForms>;
  /**
   * Returns the forms that these search words match. They include the Finnish case forms in the
   * library. The index alone does not reduce all of those to one stem.
   */
  termForms(words: readonly string[]): Promise<Forms>;
}

/**
 * Creates a cached lookup of word forms. The forms of a word never change while the process runs,
 * so each word is read once.
 */
export function createForms(db: Database): WordForms {
  const known = new Map<string, readonly string[]>();

  async function indexed(words: readonly string[]): Promise<IndexedForms> {
    const unknown = [...new Set(words)].filter((word) => !known.has(word));
    const fresh = await indexedForms(db, unknown);
    const result = new Map(words.map((word) => [word, fresh.get(word) ?? known.get(word) ?? []]));
    for (const [word, forms] of fresh) setBounded(known, word, forms, MAX_CACHED_WORDS);
    return result;
  }

  return {
    indexed,
    async termForms(words) {
      const cases = new Map(words.map((word) => [word, finnishForms(fold(word))]));
      const [forms, found] = await Promise.all([
        indexed(words),
        spellingsInLibrary(db, [...new Set([...cases.values()].flat())]),
      ]);
      const casesOf = (word: string) => (cases.get(word) ?? []).flatMap((form) => found.get(form) ?? []);
      const known = await indexed(words.flatMap(casesOf));
      return new Map(
        [...forms].map(([word, all]) => {
          const present = casesOf(word);
          const own = all.filter((form) => isSpecific(form, fold(word), cases.get(word) ?? [], present));
          // Another search form already finds a word that is indexed by it.
          const reached = (one: string) =>
            (known.get(one) ?? []).some((form) => form !== one && own.includes(form));
          return [word, { stems: own, cases: present.filter((one) => !reached(one)) }];
        }),
      );
    },
  };
}

/**
 * Tells whether an indexed form stands for this word and few others.
 *
 * @param cases - possible Finnish forms of the word
 * @param present - those of them that the library has
 */
function isSpecific(
  form: string,
  word: string,
  cases: readonly string[],
  present: readonly string[],
): boolean {
  if (form === word || form.length > MAX_SHORT_STEM_LETTERS) return true;
  if (!word.startsWith(form)) return false;
  const ending = word.slice(form.length);
  if (cases.length === 0 || !LEVELLED_CONSONANT.test(form) || ENGLISH_ENDING.test(ending)) return true;
  return present.length === 0 && ending.length > 1;
}
