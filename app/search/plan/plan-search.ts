import type { SessionUser } from '../../http/env.ts';
import type { Database } from '../../db/client.ts';
import { findCollectionsByKeys } from '../../collections/collections.repository.ts';
import { findTagsByJoinedNames } from '../../tags/tags.repository.ts';
import { wordsToFind } from '../highlight.ts';
import { ALL_IDS, type Span } from '../list-window.ts';
import type { Filter, Query, Term } from '../parse-query.ts';
import { findUserIds } from '../people.repository.ts';
import type { WordForms } from '../word-forms.ts';
import { planTiers, type Forms, type Tiers } from './ranking.ts';
import type { Statistics } from './statistics.ts';

/** Everything that a search has decided before it reads a page. It is made once and handed down. */
export interface SearchPlan {
  /** The query, with its corrections. */
  query: Query;
  /** Indexed forms of the words of the query. */
  forms: Forms;
  statistics: Statistics;
  tiers: Tiers;
  /** Range of ids, from `before:` and `after:`. */
  span: Span;
  /** Estimated number of items in the range. */
  itemsInRange: number;
  /** Estimated number of matches. */
  estimated: number;
}

/** Dependencies of planning besides the query. */
export interface PlanDeps {
  db: Database;
  forms: WordForms;
  statistics: Statistics;
  /** The requesting user: `is:mine` and `is:favourite` depend on it. */
  by: SessionUser;
}

/**
 * Plans a search: looks up the forms of its words, its users, collections and tags, and ranks its
 * tiers.
 *
 * @param known - forms that an earlier plan has looked up
 * @returns `null` for a query without a condition
 */
export async function planSearch(
  query: Query,
  { db, forms, statistics, by }: PlanDeps,
  known: Forms = new Map(),
): Promise<SearchPlan | null> {
  const terms = [...query.terms, ...query.without];
  const words = terms.flatMap(wordsToFind).filter((word) => !known.has(word));
  const filters = [...query.filters, ...query.withoutFilters];
  const [fresh, people, collections, tags] = await Promise.all([
    forms.termForms(words),
    findUserIds(db, namesOf(filters)),
    findCollectionsByKeys(db, collectionKeysOf(filters)),
    // A tag of the statistics exists, which saves its lookup.
    findTagsByJoinedNames(
      db,
      tagsOf(filters).filter((tag) => !statistics.knows(`#${tag}`)),
    ),
  ]);
  const termForms = keepCompoundStems(new Map([...known, ...fresh]), terms);
  const labels = (filter: Filter) => labelsOf(filter, by, { people, collections, tags });
  const tiers = planTiers(query, { forms: termForms, statistics }, labels);
  if (tiers === null) return null;
  const span = spanOf(query);
  const itemsInRange = statistics.shareBetween(span.bottom, span.top) * statistics.items;
  const estimated = tiers.together.wide.share * itemsInRange;
  return { query, forms: termForms, statistics, tiers, span, itemsInRange, estimated };
}

const namesOf = (filters: readonly Filter[]) => [
  ...new Set(filters.flatMap((filter) => (filter.is === 'by' ? [filter.name] : []))),
];
/** Returns the keys of the collections of filters. */
export const collectionKeysOf = (filters: readonly Filter[]) => [
  ...new Set(filters.flatMap((filter) => (filter.is === 'in' ? [filter.key] : []))),
];
const tagsOf = (filters: readonly Filter[]) => [
  ...new Set(filters.flatMap((filter) => (filter.is === 'tag' ? [filter.tag] : []))),
];

/**
 * Removes short stems of compounds. A stem must reach into the last part: the stem linj of
 * linjaauto would find every linja.
 */
function keepCompoundStems(forms: Forms, terms: readonly Term[]): Forms {
  const result = new Map(forms);
  for (const { words, joined } of terms) {
    const joinedForms = joined === undefined ? undefined : forms.get(joined);
    if (joined === undefined || joinedForms === undefined) continue;
    const minLength = joined.length - (words.at(-1) ?? '').length;
    result.set(joined, {
      ...joinedForms,
      stems: joinedForms.stems.filter((stem) => stem.length > minLength),
    });
  }
  return result;
}

/** Returns the labels of a filter, any of which fits. search_reindex labels items in this way. */
function labelsOf(
  filter: Filter,
  me: SessionUser,
  known: {
    people: ReadonlyMap<string, string>;
    collections: ReadonlyMap<string, { id: string }>;
    tags: ReadonlyMap<string, readonly string[]>;
  },
): readonly string[] {
  switch (filter.is) {
    case 'tag':
      return (known.tags.get(filter.tag) ?? [filter.tag]).map((name) => `#${name}`);
    case 'type':
      return [`@kind:${filter.kind}`];
    case 'by':
      return [`@by:${known.people.get(filter.name) ?? 'nobody'}`];
    case 'in':
      return [`@in:${known.collections.get(filter.key)?.id ?? 'nothing'}`];
    case 'mine':
      return [`@by:${me.id}`];
    case 'favourite':
      return [`@fav:${me.id}`];
    default:
      return [`@${filter.is}`];
  }
}

/**
 * Converts the times to a range of ids. The first 48 bits of a UUIDv7 are the milliseconds since
 * 1970 (RFC 9562 §5.7).
 */
export function spanOf({ after, before }: Pick<Query, 'after' | 'before'>): Span {
  const at = (time: number) => {
    const hex = Math.max(0, time).toString(16).padStart(12, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
  };
  return {
    bottom: after === null ? ALL_IDS.bottom : at(after),
    top: before === null ? ALL_IDS.top : at(before),
  };
}
