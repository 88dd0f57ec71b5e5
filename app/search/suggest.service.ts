import { usernameKey } from '../auth/username.ts';
import type { Database } from '../db/client.ts';
import { findTags } from '../tags/tags.repository.ts';
import { normalizeTag } from '../tags/tag-name.ts';
import type { Suggestions } from './search.schema.ts';
import { contributors, peopleStarting } from './people.repository.ts';
import { unitsOf } from './text/units.ts';
import { fold, normalizedWord } from './text/words.ts';
import { wordsStarting } from './vocabulary.repository.ts';

/** Suggestions for the search box. */
export interface SuggestService {
  /** Completes the last word of a search with tags, users and words of the library. */
  suggest(q: string): Promise<Suggestions>;
  /** Returns the names of all users with items. */
  people(): Promise<string[]>;
}

/** Largest number of suggestions of each kind. */
const MAX_TAGS = 8;
const MAX_PEOPLE = 4;
const MAX_SUGGESTED_WORDS = 8;
/**
 * Largest number of user names. A circle of friends is smaller, and a longer list is not usable.
 */
const MAX_CONTRIBUTORS = 500;

const LAST_WORD = /(?:^|\s)-?(?:(?<key>tag|by):)?"?(?<typed>[^\s"]*)$/iu;

/**
 * Creates the suggestion service.
 *
 * @example
 * const suggest = createSuggest(db);
 * const { tags, people, words } = await suggest.suggest('kissa ko');
 */
export function createSuggest(db: Database): SuggestService {
  return {
    people: () => contributors(db, MAX_CONTRIBUTORS),

    async suggest(q) {
      const { key, typed = '' } = LAST_WORD.exec(q)?.groups ?? {};
      const only = key?.toLowerCase();
      const word = lastWord(typed);
      const [tags, people, words] = await Promise.all([
        only === 'by' ? [] : findTags(db, { start: normalizeTag(typed), limit: MAX_TAGS, unused: false }),
        only === 'tag' || typed === '' ? [] : peopleStarting(db, usernameKey(typed), MAX_PEOPLE),
        only !== undefined || word === undefined ? [] : wordsStarting(db, fold(word), MAX_SUGGESTED_WORDS),
      ]);
      return { typed, tags, people, words };
    },
  };
}

/**
 * Returns the unfinished word: the last part of a word, or characters without spaces. A symbol does
 * not start a word.
 */
function lastWord(typed: string): string | undefined {
  const unit = [...unitsOf(typed)].at(-1);
  if (unit === undefined || unit.is === 'symbol') return undefined;
  const stretches = unit.is === 'run' ? unit.characters : unit.parts.slice(-1);
  return normalizedWord(stretches.map(({ text }) => text).join(''));
}
