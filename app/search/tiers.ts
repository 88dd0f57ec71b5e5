import { allOf, anyOf, beginning, lexeme, not, phraseOf, without, type Clause } from './clause.ts';
import type { Filter, Query, Term } from './query.ts';
import type { Statistics } from './statistics.ts';
import { fold } from './words.ts';

/** What each word is looked for by, itself folded first. */
export type Forms = ReadonlyMap<string, readonly string[]>;

/** Items of one quality. Every item of a search is in exactly one tier. */
export interface Tier {
  /** What the index looks up: may leave out a part of `query` that would be costly there. */
  indexed: Clause;
  query: Clause;
  /** The same without what keeps out the items of better tiers and without the filters. */
  plain: Clause;
}

export interface Tiers {
  tiers: readonly Tier[];
  /** Any match at all: the union of the tiers. */
  all: Clause;
  /** What the index looks up of `all`: parts of it, every one of which must match. */
  candidates: readonly Clause[];
  /** Whether anything must be there: an index cannot look up what must not. */
  positive: boolean;
}

/** A prefix this short stands for too many words to look up next to others: those are looked up and the prefix checked. */
const SHORT_PREFIX = 2;

/** What more items have than this and must not be there is checked on the rows: the index would be read through for it. */
const COMMON = 0.05;

/** So few rows are checked sooner than another list of the index is read. */
const FEW_ROWS = 200;

/** How a term is looked for. Each level finds what the one before it finds, and more. */
type Level = 'exact' | 'forms' | 'prefix';

/** What clauses are made with. */
interface Known {
  forms: Forms;
  statistics: Statistics;
}

/**
 * The tiers of a search, best first: as written, then in other forms, then as a prefix; within each, in title or tags
 * before anywhere. `null` when it asks for nothing. Filters must hold in every tier.
 */
export function tiersOf(query: Query, known: Known, labelOf: (filter: Filter) => string): Tiers | null {
  const { must, mustNot } = requirements(query, known, labelOf);
  const always = [...must, ...mustNot];
  const alwaysLookedUp = [...must, ...mustNot.filter(({ share }) => share >= 1 - COMMON)];
  const { terms } = query;
  if (terms.length === 0) {
    if (always.length === 0) return null;
    const all = allOf(always);
    const candidates = must.length > 0 ? allOf(alwaysLookedUp) : all;
    const tiers = [{ indexed: candidates, query: all, plain: all }];
    return { tiers, all, candidates: rarestOf(must, known.statistics), positive: must.length > 0 };
  }
  const typed = terms.findLast((term) => !term.quoted);
  const levels: Level[] = typed ? ['exact', 'forms', 'prefix'] : ['exact', 'forms'];
  const clausesAt = (level: Level, head: boolean) =>
    terms.map((term) => ({
      clause: termClause(term, level === 'prefix' && term !== typed ? 'forms' : level, head, known),
      short: level === 'prefix' && term === typed && Array.from(term.words[0] ?? '').length <= SHORT_PREFIX,
    }));
  const rarestAmong = (clauses: ReturnType<typeof clausesAt>) => {
    const long = clauses.filter(({ short }) => !short).map(({ clause }) => clause);
    const cheap = long.length + must.length === 0 ? clauses.map(({ clause }) => clause) : long;
    return rarestOf([...cheap, ...must], known.statistics);
  };
  /** What of a tier to look up in the index; `exact` is all of its terms, without those of better tiers. */
  const lookedUp = (clauses: ReturnType<typeof clausesAt>, exact: Clause) => {
    const rarest = rarestAmong(clauses);
    return rarest.length === clauses.length + must.length
      ? allOf([exact, ...alwaysLookedUp])
      : allOf([...rarest, ...alwaysLookedUp.slice(must.length)]);
  };

  const tiers: Tier[] = [];
  const earlier: { head: boolean; plain: Clause }[] = [];
  for (const level of levels) {
    for (const head of [true, false]) {
      const clauses = clausesAt(level, head);
      const plain = allOf(clauses.map(({ clause }) => clause));
      // Of the earlier tiers the widest on each side is enough: it contains the others.
      const wider = [earlier.findLast((e) => e.head), earlier.findLast((e) => !e.head)];
      const better = (head ? wider.slice(1) : wider).flatMap((e) => (e ? [e.plain] : []));
      const inside = (head ? wider.slice(0, 1) : wider).flatMap((e) => (e ? [e.plain] : []));
      const own = without(plain, better, inside);
      tiers.push({ indexed: lookedUp(clauses, own), query: allOf([own, ...always]), plain });
      earlier.push({ head, plain });
    }
  }
  const widest = clausesAt(levels.at(-1) ?? 'forms', false);
  const all = allOf([...widest.map(({ clause }) => clause), ...always]);
  return { tiers, all, candidates: rarestAmong(widest), positive: true };
}

/** As many of the clauses, the rarest first, as leave few items: intersecting the long lists of the others costs more. */
function rarestOf(clauses: readonly Clause[], { items }: Statistics): Clause[] {
  const ascending = [...clauses].sort((a, b) => a.looked - b.looked);
  let left = items;
  return ascending.filter((clause, i) => {
    if (i > 1 && left <= FEW_ROWS) return false;
    left *= clause.looked;
    return true;
  });
}

/** Any match of one term at its widest. */
export const anyMatch = (term: Term, typed: boolean, known: Known): Clause =>
  termClause(term, typed && !term.quoted ? 'prefix' : 'forms', false, known);

function termClause(term: Term, level: Level, head: boolean, { forms, statistics }: Known): Clause {
  const mark = head ? '!' : '';
  const one = (text: string) => lexeme(text, statistics);
  if (term.quoted) return phraseOf(term.words.map((word) => anyOf(asWritten(word, level, mark).map(one))));
  const word = term.words[0] ?? '';
  if (level === 'exact') return one(mark + word);
  const all = new Set(asWritten(word, level, mark));
  for (const form of forms.get(word) ?? []) all.add(mark + form).add(`${mark}~${form}`);
  const starts = level === 'prefix' ? new Set([word, fold(word), `~${fold(word)}`]) : [];
  return anyOf([...[...all].map(one), ...[...starts].map((start) => beginning(mark + start, statistics))]);
}

/** A word as it stands, or with other diacritics. */
function asWritten(word: string, level: Level, mark: string): string[] {
  if (level === 'exact') return [mark + word];
  const folded = fold(word);
  return [...new Set([word, folded, `~${folded}`])].map((form) => mark + form);
}

/** What holds in every tier. Several types, or several people, are alternatives; several tags must all be there. */
function requirements(query: Query, known: Known, labelOf: (filter: Filter) => string) {
  const labels = (filters: readonly Filter[]) =>
    [...new Set(filters.map(labelOf))].map((label) => lexeme(label, known.statistics));
  const alternatives = (['type', 'by'] as const).flatMap((is) => {
    const some = labels(query.filters.filter((filter) => filter.is === is));
    return some.length > 0 ? [anyOf(some)] : [];
  });
  const all = labels(query.filters.filter(({ is }) => is !== 'type' && is !== 'by'));
  const without = query.without.map((term) => termClause(term, 'forms', false, known));
  return {
    must: [...alternatives, ...all],
    mustNot: [...labels(query.withoutFilters), ...without].map(not),
  };
}
