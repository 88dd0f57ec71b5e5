import { usernameKey } from '../auth/username.ts';
import { collectionKey } from '../collections/collection-name.ts';
import { mediaKind, type MediaKind } from '../media/media.schema.ts';
import { normalizeTag } from '../tags/tag-name.ts';
import { plainQuotes } from './plain-quotes.shared.ts';
import { unitsOf, type UnitSpan, type Unit } from './text/units.ts';
import { CHARACTER_MARK, joinedWord, normalizedWord } from './text/words.ts';

/** One condition of a search: a word, a compound, or several adjacent words. */
export interface Term {
  words: readonly string[];
  /**
   * Whether the words must be adjacent and exact: no inflection, no prefix, no correction.
   *
   * This applies to quoted words, and to characters of scripts without spaces. 東京都 becomes `%東京`
   * next to `%京都`.
   */
  quoted: boolean;
  /**
   * The compound as one word: linjaauto for linja-auto. Either it or all of the words must match.
   */
  joined?: string;
}

/** A filter: a label that an item must have. */
export type Filter =
  | { is: 'tag'; tag: string }
  | { is: 'type'; kind: MediaKind }
  | { is: 'by'; name: string }
  | { is: 'in'; key: string }
  | { is: State };

/** Largest number of alike pictures asked for per search. */
const MAX_QUERY_LIKES = 4;

/** A parsed search; docs/search.md describes the language. */
export interface Query {
  terms: readonly Term[];
  without: readonly Term[];
  filters: readonly Filter[];
  withoutFilters: readonly Filter[];
  /**
   * Limits of the time of addition, milliseconds since 1970. `after` is inclusive, `before` is
   * exclusive.
   */
  after: number | null;
  before: number | null;
  /** Items that the found ones look like. */
  like: readonly string[];
}

/** Largest number of words per search. More words of a pasted text would only cost time. */
const MAX_QUERY_WORDS = 32;
/** Largest number of filters per search. */
const MAX_QUERY_FILTERS = 32;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

// A minus and a key may precede a quoted or plain value. An unclosed quote is an ordinary
// character.
const TOKEN = /(?<minus>-)?(?:(?<key>\p{L}+):)?(?:"(?<quoted>[^"]*)"|(?<plain>\S+))/gu;

/**
 * Parses a search. It never fails: unknown syntax becomes plain words.
 *
 * The order of words is kept, because the user may still be typing the last one.
 */
export function parseQuery(text: string): Query {
  const terms: Term[] = [];
  const without: Term[] = [];
  const filters: Filter[] = [];
  const withoutFilters: Filter[] = [];
  const like: string[] = [];
  let after: number | null = null;
  let before: number | null = null;
  let wordsLeft = MAX_QUERY_WORDS;
  const addTerms = (list: Term[], value: string, quoted: boolean) => {
    const units = [...unitsOf(value)];
    for (const { words, ...term } of quoted ? [phraseOf(units)] : units.flatMap(termsOf)) {
      const counted = words.slice(0, wordsLeft);
      wordsLeft -= counted.length;
      if (counted.length === 0) continue;
      // A compound cut at the limit lacks its remaining parts, so it becomes a phrase.
      list.push(
        counted.length < words.length ? { words: counted, quoted: true } : { ...term, words: counted },
      );
    }
  };

  for (const { groups = {} } of plainQuotes(text).matchAll(TOKEN)) {
    const { minus, key, quoted, plain } = groups;
    const value = quoted ?? (plain ?? '').replace(/^"|"$/g, '');
    if (key !== undefined) {
      const name = key.toLowerCase();
      const filter = filterOf(name, value);
      if (filter && filters.length + withoutFilters.length < MAX_QUERY_FILTERS) {
        (minus ? withoutFilters : filters).push(filter);
        continue;
      }
      if (name === 'like' && !minus && UUID.test(value) && like.length < MAX_QUERY_LIKES) {
        like.push(value.toLowerCase());
        continue;
      }
      const period = name === 'before' || name === 'after' ? parsePeriod(value) : null;
      if (period && !minus) {
        if (name === 'before') before = Math.min(before ?? period, period);
        else after = Math.max(after ?? period, period);
        continue;
      }
      addTerms(terms, `${key} ${value}`, false);
      continue;
    }
    addTerms(minus ? without : terms, value, quoted !== undefined);
  }
  return { terms: unique(terms), without: unique(without), filters, withoutFilters, after, before, like };
}

/** Returns the terms of a unit outside quotes. */
function termsOf(unit: Unit): Term[] {
  if (unit.is !== 'word') return [{ words: unitWords(unit, true), quoted: true }];
  const words = unitWords(unit, true);
  const joined = joinedWord(unit.parts.map(({ text }) => text));
  if (joined === null) return words.map((word) => ({ words: [word], quoted: false }));
  return [{ words, quoted: false, joined }];
}

/** Returns one term for adjacent units. */
const phraseOf = (units: readonly Unit[]): Term => ({
  words: units.flatMap((unit, i) => unitWords(unit, i === units.length - 1)),
  quoted: true,
});

/**
 * Returns the words of a unit, one per position.
 *
 * @param last - whether no unit follows; the last pair then contains the last character
 */
function unitWords(unit: Unit, last: boolean): string[] {
  if (unit.is === 'word') return unit.parts.map(({ text }) => normalizedWord(text));
  if (unit.is === 'symbol') return [CHARACTER_MARK + unit.text];
  return pairsOf(unit.characters, last);
}

function pairsOf(characters: readonly UnitSpan[], last: boolean): string[] {
  const pairs = characters.map(({ text }, i) => CHARACTER_MARK + text + (characters[i + 1]?.text ?? ''));
  return last && pairs.length > 1 ? pairs.slice(0, -1) : pairs;
}

function filterOf(key: string, value: string): Filter | null {
  switch (key) {
    case 'tag': {
      const tag = normalizeTag(value);
      return tag === null ? null : { is: 'tag', tag };
    }
    case 'type': {
      const kind = KIND_NAMES.get(value.toLowerCase());
      return kind === undefined ? null : { is: 'type', kind };
    }
    case 'by': {
      const name = usernameKey(value.trim());
      return name === '' ? null : { is: 'by', name };
    }
    case 'in': {
      const collection = collectionKey(value);
      return collection === null ? null : { is: 'in', key: collection };
    }
    case 'is': {
      const state = value.toLowerCase();
      return isState(state) ? { is: state } : null;
    }
    default:
      return null;
  }
}

type State = 'mine' | 'favourite' | 'untagged' | 'failed';
const isState = (value: string): value is State => /^(?:mine|favourite|untagged|failed)$/.test(value);

const KIND_NAMES: ReadonlyMap<string, MediaKind> = new Map([
  ...mediaKind.options.map((kind) => [kind, kind] as const),
  ['gif', 'animation'],
  ['picture', 'image'],
  ['kuva', 'image'],
  ['animaatio', 'animation'],
]);

/**
 * Parses a year, month or day to its start (UTC), milliseconds since 1970; `null` for anything
 * else, such as 2024-13.
 */
function parsePeriod(value: string): number | null {
  const found = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(value);
  if (!found) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2] ?? 1), Number(found[3] ?? 1)];
  const time = new Date(Date.UTC(year, month - 1, day));
  const real =
    time.getUTCFullYear() === year && time.getUTCMonth() === month - 1 && time.getUTCDate() === day;
  return real && year >= 1970 ? time.getTime() : null;
}

/** Removes repeated terms. The last occurrence stays, so the word being typed remains the last. */
const unique = (terms: readonly Term[]): Term[] => {
  const last = new Map<string, Term>();
  for (const term of terms) {
    const key = `${term.quoted} ${term.words.join(' ')}`;
    last.delete(key);
    last.set(key, term);
  }
  return [...last.values()];
};

/** Tells whether a query has neither terms nor filters. It may still limit the time. */
export const isEmpty = ({ terms, without, filters, withoutFilters }: Query) =>
  terms.length + without.length + filters.length + withoutFilters.length === 0;
