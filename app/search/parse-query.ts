import { usernameKey } from '../auth/username.ts';
import { mediaKind, type MediaKind } from '../media/media.schema.ts';
import { normalizeTag } from '../tags/tag-name.ts';
import { unitsOf, type UnitSpan, type Unit } from './text/units.ts';
import { CHARACTER_MARK, joinedWord, normalizedWord } from './text/words.ts';

/** One thing that must match: a word, a compound, or several words that stand side by side. */
export interface Term {
  words: readonly string[];
  /**
   * The words stand side by side and are taken as written: neither inflected, nor as a prefix, nor applyCorrections. So are words in
   * quotes, and characters of scripts without spaces (東京都 is `%東京` beside `%京都`).
   */
  quoted: boolean;
  /** The words of a compound written in one: linjaauto of linja-auto. Either that or all of the words must be there. */
  joined?: string;
}

/** A label an item has: what a filter asks for. */
export type Filter =
  | { is: 'tag'; tag: string }
  | { is: 'type'; kind: MediaKind }
  | { is: 'by'; name: string }
  | { is: 'mine' | 'untagged' | 'failed' };

/** What a search asks for; see docs/search.md for the language. */
export interface Query {
  terms: readonly Term[];
  without: readonly Term[];
  filters: readonly Filter[];
  withoutFilters: readonly Filter[];
  /** Added at or after this time, in ms since 1970; `before` is exclusive. */
  after: number | null;
  before: number | null;
}

/** Most words of one search that count; the rest of a pasted essay would only cost time. */
const MAX_QUERY_WORDS = 32;
/** Most filters that count. */
const MAX_QUERY_FILTERS = 32;

// A minus and a key may stand before a quoted or a plain value; a quote that is never closed is an ordinary character.
const TOKEN = /(?<minus>-)?(?:(?<key>\p{L}+):)?(?:"(?<quoted>[^"]*)"|(?<plain>\S+))/gu;

/**
 * Reads a search. Never fails: what is not of the language is plain words. The order of words is kept, because the last
 * one may still be being typed.
 */
export function parseQuery(text: string): Query {
  const terms: Term[] = [];
  const without: Term[] = [];
  const filters: Filter[] = [];
  const withoutFilters: Filter[] = [];
  let after: number | null = null;
  let before: number | null = null;
  let wordsLeft = MAX_QUERY_WORDS;
  const addTerms = (list: Term[], value: string, quoted: boolean) => {
    const units = [...unitsOf(value)];
    for (const { words, ...term } of quoted ? [phraseOf(units)] : units.flatMap(termsOf)) {
      const counted = words.slice(0, wordsLeft);
      wordsLeft -= counted.length;
      if (counted.length === 0) continue;
      // Of a compound that is cut off the rest is missing.
      list.push(
        counted.length < words.length ? { words: counted, quoted: true } : { ...term, words: counted },
      );
    }
  };

  // Typographic quotes come from phones and from text pasted from elsewhere.
  for (const { groups = {} } of text.replace(/[“”„‟«»]/g, '"').matchAll(TOKEN)) {
    const { minus, key, quoted, plain } = groups;
    const value = quoted ?? (plain ?? '').replace(/^"|"$/g, '');
    if (key !== undefined) {
      const name = key.toLowerCase();
      const filter = filterOf(name, value);
      if (filter && filters.length + withoutFilters.length < MAX_QUERY_FILTERS) {
        (minus ? withoutFilters : filters).push(filter);
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
  return { terms: unique(terms), without: unique(without), filters, withoutFilters, after, before };
}

/** What a unit outside of quotes must match. */
function termsOf(unit: Unit): Term[] {
  if (unit.is !== 'word') return [{ words: unitWords(unit, true), quoted: true }];
  const words = unitWords(unit, true);
  const joined = joinedWord(unit.parts.map(({ text }) => text));
  if (joined === null) return words.map((word) => ({ words: [word], quoted: false }));
  return [{ words, quoted: false, joined }];
}

/** Units that stand side by side. */
const phraseOf = (units: readonly Unit[]): Term => ({
  words: units.flatMap((unit, i) => unitWords(unit, i === units.length - 1)),
  quoted: true,
});

/**
 * The words of a unit, one a position.
 * @param last whether nothing follows: the last character of a run is then in the pair before it
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
    case 'is': {
      const state = value.toLowerCase();
      return state === 'mine' || state === 'untagged' || state === 'failed' ? { is: state } : null;
    }
    default:
      return null;
  }
}

const KIND_NAMES: ReadonlyMap<string, MediaKind> = new Map([
  ...mediaKind.options.map((kind) => [kind, kind] as const),
  ['gif', 'animation'],
  ['picture', 'image'],
  ['kuva', 'image'],
  ['animaatio', 'animation'],
]);

/** A year, month or day as the time it starts at (UTC); `null` for anything else, such as 2024-13. */
function parsePeriod(value: string): number | null {
  const found = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(value);
  if (!found) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2] ?? 1), Number(found[3] ?? 1)];
  const time = new Date(Date.UTC(year, month - 1, day));
  const real =
    time.getUTCFullYear() === year && time.getUTCMonth() === month - 1 && time.getUTCDate() === day;
  return real && year >= 1970 ? time.getTime() : null;
}

/** The last mention of a repeated word stays, so that the word being typed is still the last. */
const unique = (terms: readonly Term[]): Term[] => {
  const last = new Map<string, Term>();
  for (const term of terms) {
    const key = `${term.quoted} ${term.words.join(' ')}`;
    last.delete(key);
    last.set(key, term);
  }
  return [...last.values()];
};

/** Whether a search asks for nothing, but perhaps for a time. */
export const isEmpty = ({ terms, without, filters, withoutFilters }: Query) =>
  terms.length + without.length + filters.length + withoutFilters.length === 0;
