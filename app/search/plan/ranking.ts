import { allOf, anyOf, beginning, lexeme, not, phraseOf, excluding, type Clause } from './tsquery.ts';
import type { Filter, Query, Term } from '../parse-query.ts';
import type { Statistics } from './statistics.ts';
import { CHARACTER_MARK, fold } from '../text/words.ts';

/** Indexed stems and Finnish case forms of each word. */
export type Forms = ReadonlyMap<string, { stems: readonly string[]; cases: readonly string[] }>;

/** One quality of match. Every match is in exactly one tier. */
export interface Tier {
  /** Condition for the index. It may leave out parts of `query` that are expensive there. */
  indexed: Clause;
  query: Clause;
  /** `query` without the filters and without the exclusion of better tiers. */
  plain: Clause;
}

/** Tiers that share one index lookup when few items match. */
export interface Group {
  /** Last tier of the group, from 1. The group starts after the previous one. */
  last: number;
  /** Matches of any of these tiers. */
  wide: Clause;
  /**
   * Conditions for the index: at most {@link MAX_INDEX_CONDITIONS} parts of `wide`, all of which
   * must hold.
   */
  candidates: readonly Clause[];
  /** The other parts of `wide`, which are checked on the rows. */
  rest: readonly Clause[];
}

/** Number of index conditions per group that search_results takes. */
export const MAX_INDEX_CONDITIONS = 4;

/** The ranking plan of a search. */
export interface Tiers {
  tiers: readonly Tier[];
  /**
   * First the matches of whole words, then those of an unfinished last word. A prefix lookup is
   * expensive.
   */
  groups: readonly Group[];
  /** All tiers in one group. The prefix lookup also finds the matches of whole words. */
  together: Group;
  /** Whether the search has a positive condition. An index cannot look up negative ones. */
  positive: boolean;
}

/**
 * Largest length of a short prefix, characters. Such a prefix matches too many words. The index
 * looks up the other terms, and the rows check the prefix.
 */
const MAX_SHORT_PREFIX_CHARS = 2;

/**
 * Share of items above which an excluded condition is checked on the rows. The index would read its
 * whole list.
 */
const MIN_COMMON_SHARE = 0.05;

/** Cost of a row check, in index entries. */
const ROW_CHECK_COST_ENTRIES = 40;

/** How a term matches. Each level includes the matches of the previous one. */
type Level = 'exact' | 'forms' | 'prefix';

/** Inputs for the construction of clauses. */
interface PlanContext {
  forms: Forms;
  statistics: Statistics;
}

/**
 * Plans the tiers of a search, best first: exact, then other forms, then prefix.
 *
 * Within each level, matches in title or tags come first. Filters apply to every tier.
 *
 * @param labelsOf - returns the labels of a filter; an item needs one of them
 * @returns `null` when the search has no condition
 */
export function planTiers(
  query: Query,
  ctx: PlanContext,
  labelsOf: (filter: Filter) => readonly string[],
): Tiers | null {
  const { must, mustNot } = requirements(query, ctx, labelsOf);
  const always = [...must, ...mustNot];
  const alwaysLookedUp = [...must, ...mustNot.filter(({ share }) => share >= 1 - MIN_COMMON_SHARE)];
  const { terms } = query;
  if (terms.length === 0) {
    if (always.length === 0) return null;
    const all = allOf(always);
    const indexed = must.length > 0 ? allOf(alwaysLookedUp) : all;
    const tiers = [{ indexed, query: all, plain: all }];
    const together = groupOf(1, always, cheapestOf(must, ctx.statistics));
    return { tiers, groups: [together], together, positive: must.length > 0 };
  }
  const typed = terms.findLast((term) => !term.quoted);
  const levels: Level[] = typed ? ['exact', 'forms', 'prefix'] : ['exact', 'forms'];
  const clausesAt = (level: Level, head: boolean) =>
    terms.map((term) => ({
      clause: termClause(term, level === 'prefix' && term !== typed ? 'forms' : level, head, ctx),
      short: level === 'prefix' && term === typed && isShort(term.words.at(-1) ?? ''),
    }));
  const cheapestAmong = (clauses: ReturnType<typeof clausesAt>) => {
    const long = clauses.filter(({ short }) => !short).map(({ clause }) => clause);
    const cheap = long.length + must.length === 0 ? clauses.map(({ clause }) => clause) : long;
    return cheapestOf([...cheap, ...must], ctx.statistics);
  };
  /**
   * Selects the index condition of a tier.
   *
   * `exact` has all its terms without the matches of better tiers.
   */
  const indexClause = (clauses: ReturnType<typeof clausesAt>, exact: Clause) => {
    const cheapest = cheapestAmong(clauses);
    return cheapest.length === clauses.length + must.length
      ? allOf([exact, ...alwaysLookedUp])
      : allOf([...cheapest, ...alwaysLookedUp.slice(must.length)]);
  };

  const tiers: Tier[] = [];
  const earlier: { head: boolean; plain: Clause }[] = [];
  for (const level of levels) {
    for (const head of [true, false]) {
      const clauses = clausesAt(level, head);
      const plain = allOf(clauses.map(({ clause }) => clause));
      // The widest earlier tier on each side contains the others.
      const wider = [earlier.findLast((e) => e.head), earlier.findLast((e) => !e.head)];
      const better = (head ? wider.slice(1) : wider).flatMap((e) => (e ? [e.plain] : []));
      const inside = (head ? wider.slice(0, 1) : wider).flatMap((e) => (e ? [e.plain] : []));
      const own = excluding(plain, better, inside);
      tiers.push({ indexed: indexClause(clauses, own), query: allOf([own, ...always]), plain });
      earlier.push({ head, plain });
    }
  }
  const [whole, unfinished] = [clausesAt('forms', false), typed ? clausesAt('prefix', false) : null];
  const partsOf = (clauses: ReturnType<typeof clausesAt>) => clauses.map(({ clause }) => clause);
  const wholeWordTiers = tiers.length - (typed ? 2 : 0);
  const first = groupOf(wholeWordTiers, [...partsOf(whole), ...always], cheapestAmong(whole));
  if (unfinished === null) return { tiers, groups: [first], together: first, positive: true };
  const [parts, candidates, done] = [partsOf(unfinished), cheapestAmong(unfinished), allOf(partsOf(whole))];
  // The unfinished matches contain all matches of whole words, which gives the remaining share.
  const further = allOf([excluding(allOf(parts), [done], [done]), ...always]);
  const second = groupOf(tiers.length, [...parts, not(done), ...always], candidates, further);
  const together = groupOf(tiers.length, [...parts, ...always], candidates);
  return { tiers, groups: [first, second], together, positive: true };
}

/** The same matches in one tier, for a list in another order than the best first. */
export function unranked({ tiers, together, positive }: Tiers): Tiers {
  const [only] = tiers;
  const indexed = tiers.length === 1 && only ? only.indexed : allOf(together.candidates);
  const group = { ...together, last: 1 };
  const tier = { indexed, query: group.wide, plain: group.wide };
  return { tiers: [tier], groups: [group], together: group, positive };
}

/**
 * Builds a group of tiers.
 *
 * @param parts - conditions of every match
 * @param wide - the same conditions as one clause
 */
function groupOf(
  last: number,
  parts: readonly Clause[],
  cheapest: readonly Clause[],
  wide: Clause = allOf(parts),
): Group {
  const candidates = cheapest.slice(0, MAX_INDEX_CONDITIONS);
  return { last, wide, candidates, rest: parts.filter((part) => !candidates.includes(part)) };
}

/**
 * Selects clauses, cheapest first, while another list costs less than a check of the remaining
 * rows.
 */
function cheapestOf(clauses: readonly Clause[], { items }: Statistics): Clause[] {
  const ascending = [...clauses].sort((a, b) => a.read - b.read);
  let left = items;
  return ascending.filter((clause, i) => {
    if (i > 0 && clause.read * items > left * (1 - clause.looked) * ROW_CHECK_COST_ENTRIES) return false;
    left *= clause.looked;
    return true;
  });
}

/** Returns the widest clause of one term. */
export const anyMatch = (term: Term, typed: boolean, ctx: PlanContext): Clause =>
  termClause(term, typed && !term.quoted ? 'prefix' : 'forms', false, ctx);

function termClause(term: Term, level: Level, head: boolean, ctx: PlanContext): Clause {
  const mark = head ? '!' : '';
  const one = (text: string) => lexeme(text, ctx.statistics);
  if (term.quoted) return phraseOf(term.words.map((word) => anyOf(spellingsOf(word, level, mark).map(one))));
  const last = term.words.at(-1) ?? '';
  if (term.joined === undefined) return wordClause(last, level, head, ctx);
  // A short prefix of the last part matches too many words. The prefix of the whole compound covers
  // it.
  const levelOfLast = level === 'prefix' && isShort(last) ? 'forms' : level;
  const parts = term.words.map((word, i) =>
    wordClause(word, i < term.words.length - 1 && level === 'prefix' ? 'forms' : levelOfLast, head, ctx),
  );
  return anyOf([allOf(parts), wordClause(term.joined, level, head, ctx)]);
}

const isShort = (word: string) => Array.from(word).length <= MAX_SHORT_PREFIX_CHARS;

function wordClause(word: string, level: Level, head: boolean, { forms, statistics }: PlanContext): Clause {
  const mark = head ? '!' : '';
  const one = (text: string) => lexeme(text, statistics);
  if (level === 'exact') return one(mark + word);
  const { stems = [], cases = [] } = forms.get(word) ?? {};
  const starts = level === 'prefix' ? [...new Set([word, fold(word), `~${fold(word)}`])] : [];
  const all = [...spellingsOf(word, level, ''), ...stems.flatMap((stem) => [stem, `~${stem}`]), ...cases];
  // Each list costs time, so forms covered by a prefix or stem are skipped. An item with a word has
  // all its other forms.
  const held = (form: string) =>
    starts.some((start) => form.startsWith(start)) || (form === word && stems.some((stem) => stem !== word));
  const needed = [...new Set(all)].filter((form) => !held(form));
  return anyOf([
    ...needed.map((form) => one(mark + form)),
    ...starts.map((start) => beginning(mark + start, statistics)),
  ]);
}

/** Returns a word as it is and with other diacritics. A character stays as it is. */
function spellingsOf(word: string, level: Level, mark: string): string[] {
  if (level === 'exact' || word.startsWith(CHARACTER_MARK)) return [mark + word];
  const folded = fold(word);
  return [...new Set([word, folded, `~${folded}`])].map((form) => mark + form);
}

/**
 * Builds the conditions of every tier. Several types or users are alternatives; several tags must
 * all match.
 */
function requirements(query: Query, ctx: PlanContext, labelsOf: (filter: Filter) => readonly string[]) {
  const labels = (filters: readonly Filter[]) => [
    ...new Map(
      filters.map((filter) => {
        const some = labelsOf(filter);
        return [some.join(' '), anyOf(some.map((label) => lexeme(label, ctx.statistics)))];
      }),
    ).values(),
  ];
  const alternatives = (['type', 'by'] as const).flatMap((is) => {
    const some = labels(query.filters.filter((filter) => filter.is === is));
    return some.length > 0 ? [anyOf(some)] : [];
  });
  const all = labels(query.filters.filter(({ is }) => is !== 'type' && is !== 'by'));
  const without = query.without.map((term) => termClause(term, 'forms', false, ctx));
  return {
    must: [...alternatives, ...all],
    mustNot: [...labels(query.withoutFilters), ...without].map(not),
  };
}
