import type { Database } from '../db/client.ts';
import { finnishForms } from './finnish.ts';
import { foundWords, indexedForms } from './search.repository.ts';
import type { Forms } from './tiers.ts';
import { fold } from './words.ts';

/** Words whose forms are remembered: some MB at most. A folder's common words are few. */
const REMEMBERED = 20_000;

/** A stem of three letters whose consonant was evened out stands for too many words: kädet and kadut are both kat. */
const SHORT_STEM = 3;

export interface WordForms {
  /** What the index knows these words by. */
  indexed(words: readonly string[]): Promise<Forms>;
  /** What these words of a search are looked for by: also in those of its cases that the
   * folder has, for the index does not reduce all to the same stem. */
  sought(words: readonly string[]): Promise<Forms>;
}

/** Asks the database once for every word: the forms of a word never change while the process runs. */
export function createForms(db: Database): WordForms {
  const known = new Map<string, readonly string[]>();

  async function indexed(words: readonly string[]): Promise<Forms> {
    const unknown = [...new Set(words)].filter((word) => !known.has(word));
    const fresh = await indexedForms(db, unknown);
    const result = new Map(words.map((word) => [word, fresh.get(word) ?? known.get(word) ?? []]));
    for (const [word, forms] of fresh) known.set(word, forms);
    for (const oldest of known.keys()) {
      if (known.size <= REMEMBERED) break;
      known.delete(oldest);
    }
    return result;
  }

  return {
    indexed,
    async sought(words) {
      const cases = new Map(words.map((word) => [word, finnishForms(fold(word))]));
      const [forms, found] = await Promise.all([
        indexed(words),
        foundWords(db, [...new Set([...cases.values()].flat())]),
      ]);
      return new Map(
        [...forms].map(([word, own]) => [
          word,
          [
            ...new Set([
              ...own.filter((form) => form.length > SHORT_STEM || fold(word).startsWith(form)),
              ...(cases.get(word) ?? []).filter((form) => found.has(form)),
            ]),
          ],
        ]),
      );
    },
  };
}
