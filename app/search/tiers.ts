import type { Filter, Query, Term } from './query.ts';
import { fold } from './words.ts';

/** The forms each word is also found by, itself folded first: what search_forms answers. */
export type Forms = ReadonlyMap<string, readonly string[]>;

/** Items of one quality, as tsquery text. Every item of a search is in exactly one tier. */
export interface Tier {
  /** What the index looks up: may leave out a part of `query` that would be costly there. */
  indexed: string;
  query: string;
}

export interface Tiers {
  tiers: readonly Tier[];
  /** Any match at all: the union of the tiers. */
  all: string;
  /** By how much its phrases make a search rarer than its words are. */
  thin: number;
}

/** An item of some 20 words has a given pair of its words side by side about this often. */
const PHRASE_THINNING = 0.05;
/** A prefix this short stands for too many words to look up next to others: those are looked up and the prefix checked. */
const SHORT_PREFIX = 2;

/** How a term is looked for. Each level finds what the one before it finds, and more. */
type Level = 'exact' | 'forms' | 'prefix';

/**
 * The tiers of a search, best first: as written, then in other forms, then as a prefix; within each, in title or tags
 * before anywhere. `null` when it asks for nothing. Filters must hold in every tier.
 */
export function tiersOf(query: Query, forms: Forms, labelOf: (filter: Filter) => string): Tiers | null {
  const always = [...filterClauses(query, labelOf), ...query.without.map((term) => not(term, forms))];
  const { terms } = query;
  if (terms.length === 0) {
    if (always.length === 0) return null;
    const all = and(always);
    return { tiers: [{ indexed: all, query: all }], all, thin: 1 };
  }
  const typed = terms.findLast((term) => !term.quoted);
  const levels: Level[] = typed ? ['exact', 'forms', 'prefix'] : ['exact', 'forms'];
  const clausesAt = (level: Level, head: boolean) =>
    terms.map((term) => ({
      text: termClause(term, level === 'prefix' && term !== typed ? 'forms' : level, head, forms),
      short: level === 'prefix' && term === typed && Array.from(term.words[0] ?? '').length <= SHORT_PREFIX,
    }));

  const tiers: Tier[] = [];
  const earlier: { head: boolean; text: string }[] = [];
  for (const level of levels) {
    for (const head of [true, false]) {
      const clauses = clausesAt(level, head);
      const text = and(clauses.map((clause) => clause.text));
      // Of the earlier tiers the widest on each side is enough: it contains the others.
      const wider = [earlier.findLast((e) => e.head), earlier.findLast((e) => !e.head)];
      const excluded = (head ? wider.slice(1) : wider).flatMap((e) => (e ? [`!${e.text}`] : []));
      const cheap = clauses.filter((clause) => !clause.short).map((clause) => clause.text);
      const whole = and([text, ...excluded, ...always]);
      const dear = clauses.some((clause) => clause.short) && cheap.length > 0;
      tiers.push({ indexed: dear ? and([...cheap, ...always]) : whole, query: whole });
      earlier.push({ head, text });
    }
  }
  const widest = and([earlier.at(-1)?.text ?? '', ...always]);
  const adjacent = terms.reduce((sum, term) => sum + term.words.length - 1, 0);
  return { tiers, all: widest, thin: Math.max(1e-6, PHRASE_THINNING ** adjacent) };
}

/** Any match of one term at its widest. */
export const anyMatch = (term: Term, typed: boolean, forms: Forms): string =>
  termClause(term, typed && !term.quoted ? 'prefix' : 'forms', false, forms);

function termClause(term: Term, level: Level, head: boolean, forms: Forms): string {
  const mark = head ? '!' : '';
  if (term.quoted) {
    const places = term.words.map((word) => or(asWritten(word, level, mark)));
    return places.length === 1 ? (places[0] ?? '') : `(${places.join(' <-> ')})`;
  }
  const word = term.words[0] ?? '';
  if (level === 'exact') return lexeme(mark + word);
  const all = new Set(asWritten(word, level, mark));
  for (const form of forms.get(word) ?? []) all.add(lexeme(mark + form)).add(lexeme(`${mark}~${form}`));
  if (level === 'prefix') {
    for (const start of new Set([word, fold(word), `~${fold(word)}`])) all.add(`${lexeme(mark + start)}:*`);
  }
  return or([...all]);
}

/** A word as it stands, or with other diacritics. */
function asWritten(word: string, level: Level, mark: string): string[] {
  if (level === 'exact') return [lexeme(mark + word)];
  const folded = fold(word);
  return [...new Set([word, folded, `~${folded}`])].map((form) => lexeme(mark + form));
}

const not = (term: Term, forms: Forms) => `!${termClause(term, 'forms', false, forms)}`;

/** Several types, or several people, are alternatives; several tags must all be there. */
function filterClauses(query: Query, labelOf: (filter: Filter) => string): string[] {
  const label = (filter: Filter) => lexeme(labelOf(filter));
  const alternatives = (['type', 'by'] as const).flatMap((is) => {
    const some = query.filters.filter((filter) => filter.is === is).map(label);
    return some.length > 0 ? [or([...new Set(some)])] : [];
  });
  const all = query.filters.filter(({ is }) => is !== 'type' && is !== 'by').map(label);
  return [
    ...new Set([...alternatives, ...all, ...query.withoutFilters.map((filter) => `!${label(filter)}`)]),
  ];
}

/** Quoted as https://www.postgresql.org/docs/current/datatype-textsearch.html says: quotes and backslashes doubled. */
const lexeme = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
const or = (parts: readonly string[]) => (parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' | ')})`);
const and = (parts: readonly string[]) => (parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' & ')})`);
