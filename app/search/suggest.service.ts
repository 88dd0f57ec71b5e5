import { usernameKey } from '../auth/username.ts';
import { collectionKey } from '../collections/collection-name.ts';
import { collectionsContaining } from '../collections/collections.repository.ts';
import type { Database } from '../db/client.ts';
import { findTags } from '../tags/tags.repository.ts';
import { normalizeTag } from '../tags/tag-name.ts';
import type { Suggestions } from './search.schema.ts';
import { contributors, peopleStarting } from './people.repository.ts';
import { plainQuotes } from './plain-quotes.shared.ts';
import { unitsOf } from './text/units.ts';
import { fold, normalizedWord } from './text/words.ts';
import { wordsStarting } from './vocabulary.repository.ts';

/** Suggestions for the search box. */
export interface SuggestService {
  /** Completes the last word of a search with tags, users, collections and words of the library. */
  suggest(q: string): Promise<Suggestions>;
  /** Returns the names of all users with items. */
  people(): Promise<string[]>;
}

/** Largest number of suggestions of each kind. */
const MAX_TAGS = 8;
const MAX_PEOPLE = 4;
const MAX_COLLECTIONS = 6;
const MAX_SUGGESTED_WORDS = 8;
/**
 * Largest number of user names. A circle of friends is smaller, and a longer list is not usable.
 */
const MAX_CONTRIBUTORS = 500;

/** The last word, or an unclosed quotation behind a key, which may have spaces. */
const LAST_WORD =
  /(?:^|\s)-?(?:(?<named>tag|by|in|is):"(?<quotation>[^"]*)|(?:(?<key>tag|by|in|is):)?"?(?<word>[^\s"]*))$/iu;

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
      const last = LAST_WORD.exec(plainQuotes(q))?.groups ?? {};
      const only = (last['named'] ?? last['key'])?.toLowerCase();
      const typed = last['quotation'] ?? last['word'] ?? '';
      const asks = (key: string) => only === undefined || only === key;
      const word = lastWord(typed);
      const part = collectionKey(typed);
      const [tags, people, collections, words] = await Promise.all([
        asks('tag') ? findTags(db, { start: normalizeTag(typed), limit: MAX_TAGS, unused: false }) : [],
        asks('by') && typed !== '' ? peopleStarting(db, usernameKey(typed), MAX_PEOPLE) : [],
        asks('in') && (only !== undefined || part !== null)
          ? collectionsContaining(db, part ?? '', MAX_COLLECTIONS)
          : [],
        only !== undefined || word === undefined ? [] : wordsStarting(db, fold(word), MAX_SUGGESTED_WORDS),
      ]);
      return { typed, tags, people, collections, words };
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
