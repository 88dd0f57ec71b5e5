import type { Database } from '../db/client.ts';
import { setBounded } from '../util/bounded-map.ts';
import { finnishForms } from './finnish/inflect.ts';
import { spellingsInLibrary, indexedForms, type IndexedForms } from './search.repository.ts';
import type { Forms } from './plan/ranking.ts';
import { fold } from './text/words.ts';

/** Words whose forms are remembered: some MB at most. A folder's common words are few. */
const MAX_CACHED_WORDS = 20_000;

/**
 * A stem of three letters, whose last consonant the index may have evened out, stands for too many words: kädet, kadut and katu are all
 * kat. What English inflects keeps it (cats, hitting).
 */
const MAX_SHORT_STEM_LETTERS = 3;
const LEVELLED_CONSONANT = /[kpt]$/;
const ENGLISH_ENDING = /^.?(s|es|ed|ing|er|ers|y)$/;

export interface WordForms {
  /** What the index knows these words by. */
  indexed(words: readonly string[]): Promise<IndexedForms>;
  /** What these words of a search are looked for by: also in those of its cases that the
   * present has, for the index does not reduce all to the same stem. */
  termForms(words: readonly string[]): Promise<Forms>;
}

/** Asks the database once for every word: the forms of a word never change while the process runs. */
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
          // What is indexed by a stem that is looked for anyway need not be looked for by itself.
          const reached = (one: string) =>
            (known.get(one) ?? []).some((form) => form !== one && own.includes(form));
          return [word, { stems: own, cases: present.filter((one) => !reached(one)) }];
        }),
      );
    },
  };
}

/**
 * Whether a form that the index knows the word by stands for that word and few others.
 * @param cases what the word may be in Finnish
 * @param present those of them that the present has
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
