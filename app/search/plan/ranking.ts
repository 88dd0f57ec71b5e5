import { allOf, anyOf, beginning, lexeme, not, phraseOf, excluding, type Clause } from './tsquery.ts';
import type { Filter, Query, Term } from '../parse-query.ts';
import type { Statistics } from './statistics.ts';
import { CHARACTER_MARK, fold } from '../text/words.ts';

/** What words are looked for by, besides as they are written. */
export type Forms = ReadonlyMap<string, { stems: readonly string[]; cases: readonly string[] }>;

/** Items of one quality. Every item of a search is in exactly one tier. */
export interface Tier {
  /** What the index looks up: may leave out a part of `query` that would be costly there. */
  indexed: Clause;
  query: Clause;
  /** The same without what keeps out the items of better tiers and without the filters. */
  plain: Clause;
}

/** Tiers that are looked up together where few items match. */
export interface Group {
  /** Its last tier, from 1; it begins after the group before it. */
  last: number;
  /** Any match of these tiers. */
  wide: Clause;
  /** What the index looks up of `wide`: at most {@link MAX_INDEX_CONDITIONS} parts of it, every one of which must match. */
  candidates: readonly Clause[];
  /** The rest of `wide`, which is asked of the rows. */
  rest: readonly Clause[];
}

/** search_results takes so many a group. */
export const MAX_INDEX_CONDITIONS = 4;

export interface Tiers {
  tiers: readonly Tier[];
  /** What has the words, and then what only has the last one unfinished, for a prefix is costly to look up. */
  groups: readonly Group[];
  /** All tiers in one: the lookup of what is unfinished finds what has the words too. */
  together: Group;
  /** Whether anything must be there: an index cannot look up what must not. */
  positive: boolean;
}

/** A prefix this short stands for too many words to look up next to others: those are looked up and the prefix checked. */
const MAX_SHORT_PREFIX_CHARS = 2;

/** What more items have than this and must not be there is checked on the rows: the index would be read through for it. */
const MIN_COMMON_SHARE = 0.05;

/** Checking a row costs as much as reading this many entries of the index. */
const ROW_CHECK_COST_ENTRIES = 40;

/** How a term is looked for. Each level finds what the one before it finds, and more. */
type Level = 'exact' | 'forms' | 'prefix';

/** What clauses are made with. */
interface PlanContext {
  forms: Forms;
  statistics: Statistics;
}

/**
 * The tiers of a search, best first: as written, then in other forms, then as a prefix; within each, in title or tags
 * before anywhere. `null` when it asks for nothing. Filters must hold in every tier.
 */
export function planTiers(query: Query, ctx: PlanContext, labelOf: (filter: Filter) => string): Tiers | null {
  const { must, mustNot } = requirements(query, ctx, labelOf);
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
  /** What of a tier to look up in the index; `exact` is all of its terms, without those of better tiers. */
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
      // Of the earlier tiers the widest on each side is enough: it contains the others.
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
  const first = groupOf(4, [...partsOf(whole), ...always], cheapestAmong(whole));
  if (unfinished === null) return { tiers, groups: [first], together: first, positive: true };
  const [parts, candidates, done] = [partsOf(unfinished), cheapestAmong(unfinished), allOf(partsOf(whole))];
  // What has the words is wholly within what has the last one unfinished, which tells how much is left.
  const further = allOf([excluding(allOf(parts), [done], [done]), ...always]);
  const second = groupOf(6, [...parts, not(done), ...always], candidates, further);
  const together = groupOf(6, [...parts, ...always], candidates);
  return { tiers, groups: [first, second], together, positive: true };
}

/**
 * @param parts what must hold of every match
 * @param wide the same as one
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

/** As many of the clauses, the cheapest first, as leave so few items that checking those costs less than another list. */
function cheapestOf(clauses: readonly Clause[], { items }: Statistics): Clause[] {
  const ascending = [...clauses].sort((a, b) => a.read - b.read);
  let left = items;
  return ascending.filter((clause, i) => {
    if (i > 0 && clause.read * items > left * (1 - clause.looked) * ROW_CHECK_COST_ENTRIES) return false;
    left *= clause.looked;
    return true;
  });
}

/** Any match of one term at its widest. */
export const anyMatch = (term: Term, typed: boolean, ctx: PlanContext): Clause =>
  termClause(term, typed && !term.quoted ? 'prefix' : 'forms', false, ctx);

function termClause(term: Term, level: Level, head: boolean, ctx: PlanContext): Clause {
  const mark = head ? '!' : '';
  const one = (text: string) => lexeme(text, ctx.statistics);
  if (term.quoted) return phraseOf(term.words.map((word) => anyOf(spellingsOf(word, level, mark).map(one))));
  const last = term.words.at(-1) ?? '';
  if (term.joined === undefined) return wordClause(last, level, head, ctx);
  // A short beginning of the last part stands for too many words: the beginning of the whole has it too.
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
  // Every list costs: what a longer one holds anyway is not looked for. An item with a word has all of its other forms.
  const held = (form: string) =>
    starts.some((start) => form.startsWith(start)) || (form === word && stems.some((stem) => stem !== word));
  const needed = [...new Set(all)].filter((form) => !held(form));
  return anyOf([
    ...needed.map((form) => one(mark + form)),
    ...starts.map((start) => beginning(mark + start, statistics)),
  ]);
}

/** A word as it stands, or with other diacritics; a character as it stands. */
function spellingsOf(word: string, level: Level, mark: string): string[] {
  if (level === 'exact' || word.startsWith(CHARACTER_MARK)) return [mark + word];
  const folded = fold(word);
  return [...new Set([word, folded, `~${folded}`])].map((form) => mark + form);
}

/** What holds in every tier. Several types, or several people, are alternatives; several tags must all be there. */
function requirements(query: Query, ctx: PlanContext, labelOf: (filter: Filter) => string) {
  const labels = (filters: readonly Filter[]) =>
    [...new Set(filters.map(labelOf))].map((label) => lexeme(label, ctx.statistics));
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
