import type { SessionUser } from '../http/env.ts';
import { usernameKey } from '../auth/username.ts';
import type { Database } from '../db/client.ts';
import { AppError } from '../http/errors.ts';
import type { MediaRow } from '../media/media.repository.ts';
import type { MediaItem, MediaList, MediaListItem, MediaListQuery } from '../media/media.schema.ts';
import { toItem, toListItem } from '../media/media.view.ts';
import type { Storage } from '../storage/storage.ts';
import { correctedText, applyCorrections, correctionsFor } from './spelling/corrections.ts';
import { decodeCursor, encodeCursor, type Correction, type Position } from './cursor.ts';
import { createMatcher, unclearWords, wordsToFind, type HighlightContext } from './highlight.ts';
import { createNewestList } from './newest-list.ts';
import { isEmpty, parseQuery, type Filter, type Query, type Term } from './parse-query.ts';
import { createForms, type WordForms } from './word-forms.ts';
import {
  drawItem,
  ALL_IDS,
  findUserIds,
  isContinuation,
  listTrash,
  searchRanked,
  type ListWindow,
  type RankedRow,
  type Span,
} from './search.repository.ts';
import { createStatistics, type Statistics } from './plan/statistics.ts';
import { planTiers, type Forms } from './plan/ranking.ts';
import { fieldTexts } from './text/tokens.ts';

/** Lists and searches the library. */
export interface SearchService {
  /**
   * Returns a page of items: all items newest first, or the matches of `q` and the filters, best
   * first.
   *
   * A search of punctuation only finds nothing. A word without matches is corrected, and the answer
   * contains the correction.
   *
   * @param by - the requesting user; `is:mine` and the trash depend on it
   * @param asOf - the database snapshot read since this request arrived
   *   (app/db/snapshot-cache.ts)
   * @throws AppError invalid_cursor
   */
  list(query: MediaListQuery, by: SessionUser, asOf?: string | null): Promise<MediaList>;
  /** Returns a random item; `null` when the library is empty. */
  surprise(): Promise<MediaItem | null>;
}

/** Fields of a row that define the next page. */
interface ListPosition {
  id: string;
  tier?: number;
  total?: number | null;
}

/**
 * Time limit for continued searches on a page without a match, milliseconds. With the last
 * statement, the answer takes well under half a second.
 */
const MAX_CONTINUED_SEARCH_MS = 100;

/**
 * Creates the search service.
 *
 * @param continueMs - see {@link MAX_CONTINUED_SEARCH_MS}
 *
 * @example
 * const search = createSearch(db, storage);
 * const page = await search.list({ q: 'kissa', limit: 50 }, user);
 */
export function createSearch(
  db: Database,
  storage: Storage,
  continueMs: number = MAX_CONTINUED_SEARCH_MS,
): SearchService {
  const forms = createForms(db);
  const statistics = createStatistics(db);
  const newest = createNewestList(db, storage);
  return {
    async list(asked, by, asOf = null) {
      const identity = JSON.stringify([by.id, asked.q, asked.tag, asked.type, asked.by, asked.trash]);
      const position = asked.cursor === undefined ? null : decodeCursor(asked.cursor, identity);
      const limit = asked.limit;
      const query = withParameters(parseQuery(asked.q ?? ''), asked);
      // One additional row tells whether a next page exists.
      const page = { span: spanOf(query), before: position?.id ?? null, limit: limit + 1 };

      const answer = <T extends ListPosition>(
        rows: readonly T[],
        corrections: readonly Correction[] = [],
      ) => {
        const full = rows.length > limit;
        const last = full ? rows[limit - 1] : rows.find(isContinuation);
        const end = last && { id: last.id, tier: last.tier ?? 1, corrections };
        const shown = rows.slice(0, limit).filter((row) => !isContinuation(row));
        return { shown, nextCursor: end ? encodeCursor(end, identity) : null };
      };
      const plain = (items: readonly MediaListItem[]): MediaList => {
        const { shown, nextCursor } = answer(items);
        return { items: shown, nextCursor, total: null, corrected: null };
      };

      if (asked.trash) {
        const rows = await listTrash(db, by.role === 'admin' ? null : by.id, page);
        return plain(rows.map((row) => toListItem(row, storage, null)));
      }
      if (isEmpty(query)) {
        const isUnsearchable = (asked.q ?? '') !== '' && query.before === null && query.after === null;
        return plain(isUnsearchable ? [] : await newest(page, asOf));
      }

      const found = await searchPage(query, {
        db,
        forms,
        statistics: await statistics(),
        by,
        page,
        at: position,
        continueMs,
      });
      const { shown, nextCursor } = answer(found.rows, found.corrections);
      const matches = await matchesOf(forms, shown, { terms: found.query.terms, forms: found.forms });
      return {
        items: shown.map((row, i) => toListItem(row, storage, matches[i] ?? null)),
        nextCursor,
        total: position === null ? totalOf(found, nextCursor === null) : null,
        corrected:
          found.corrections.length === 0
            ? null
            : {
                query: correctedText(asked.q ?? '', found.corrections),
                words: found.corrections.map(toCorrection),
              },
      };
    },

    async surprise() {
      const row = await drawItem(db);
      return row && toItem(row, storage);
    },
  };
}

const toCorrection = ([from, to]: Correction) => ({ from, to });

interface Found {
  rows: readonly RankedRow[];
  query: Query;
  forms: Forms;
  corrections: readonly Correction[];
  /** Estimated number of matches, from the statistics. */
  estimated: number;
}

/** Everything that a search needs besides the query. */
interface QueryContext {
  db: Database;
  forms: WordForms;
  statistics: Statistics;
  by: SessionUser;
  page: ListWindow;
  at: Position | null;
  continueMs: number;
}

async function searchPage(asked: Query, ctx: QueryContext): Promise<Found> {
  const { db, at, statistics } = ctx;
  const found = await runQuery(applyCorrections(asked, at?.corrections ?? []), ctx);
  // A word without matches has no next page either.
  if (!found.rows.every(isContinuation) || at !== null)
    return { ...found, corrections: at?.corrections ?? [] };
  const finished = found.rows.length === 0;
  const corrections = await correctionsFor(db, asked, { forms: found.forms, statistics }, finished);
  if (corrections.length === 0) return found;
  const again = await runQuery(applyCorrections(asked, corrections), ctx);
  return again.rows.length > 0 ? { ...again, corrections } : found;
}

async function runQuery(query: Query, ctx: QueryContext): Promise<Found> {
  const { db, forms, statistics, by, page, at, continueMs } = ctx;
  const words = [...query.terms, ...query.without].flatMap(wordsToFind);
  const [wordForms, people] = await Promise.all([forms.termForms(words), findUserIds(db, namesOf(query))]);
  const termForms = keepCompoundStems(wordForms, [...query.terms, ...query.without]);
  const tiers = planTiers(query, { forms: termForms, statistics }, (filter) => labelOf(filter, by, people));
  if (tiers === null) throw new Error('A search without anything to search for.');
  // A forged cursor may have a tier that this search lacks.
  const fromTier = at?.tier ?? 1;
  if (fromTier > tiers.tiers.length)
    throw new AppError('invalid_cursor', 'This cursor does not belong to this list.');
  const until = Date.now() + continueMs;
  let rows = await searchRanked(db, { ...page, tiers, fromTier, statistics });
  while (Date.now() < until) {
    const [only, other] = rows;
    if (!only || other || !isContinuation(only)) break;
    const further = { ...page, before: only.id, tiers, fromTier: only.tier, statistics };
    rows = await searchRanked(db, further);
  }
  const { bottom, top } = page.span;
  const estimated = tiers.together.wide.share * statistics.items * statistics.shareBetween(bottom, top);
  return { rows, query, forms: termForms, corrections: [], estimated };
}

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

/**
 * Returns the total: exact for few matches or a complete list, otherwise an estimate with two
 * digits.
 */
function totalOf({ rows, estimated }: Found, complete: boolean): MediaList['total'] {
  if (complete) return { value: rows.length, exact: true };
  const counted = rows[0]?.total ?? -1;
  if (counted !== -1) return { value: counted, exact: true };
  return { value: Math.round(Number(Math.max(estimated, rows.length).toPrecision(2))), exact: false };
}

const namesOf = ({ filters, withoutFilters }: Query) => [
  ...new Set([...filters, ...withoutFilters].flatMap((filter) => (filter.is === 'by' ? [filter.name] : []))),
];

/** Returns the label of a filter. search_reindex (migrations) labels items in the same way. */
function labelOf(filter: Filter, me: SessionUser, people: ReadonlyMap<string, string>): string {
  switch (filter.is) {
    case 'tag':
      return `#${filter.tag}`;
    case 'type':
      return `@kind:${filter.kind}`;
    case 'by':
      return `@by:${people.get(filter.name) ?? 'nobody'}`;
    case 'mine':
      return `@by:${me.id}`;
    default:
      return `@${filter.is}`;
  }
}

async function matchesOf(
  forms: WordForms,
  rows: readonly MediaRow[],
  context: Omit<HighlightContext, 'indexed'>,
) {
  if (context.terms.length === 0) return [];
  const items = rows.map(fieldTexts);
  const indexed = await forms.indexed(unclearWords(items, context));
  return items.map(createMatcher({ ...context, indexed }));
}

/** Adds the filters of the address to those of the search. All of them apply. */
function withParameters(query: Query, { tag, type, by }: MediaListQuery): Query {
  const more: Filter[] = [
    ...(tag ?? []).map((name): Filter => ({ is: 'tag', tag: name })),
    ...(type ?? []).map((kind): Filter => ({ is: 'type', kind })),
    ...(by ?? []).map((name): Filter => ({ is: 'by', name: usernameKey(name.trim()) })),
  ];
  return { ...query, filters: [...query.filters, ...more] };
}

/**
 * Converts the times to a range of ids. The first 48 bits of a UUIDv7 are the milliseconds since
 * 1970 (RFC 9562 §5.7).
 */
function spanOf({ after, before }: Query): Span {
  const at = (time: number) => {
    const hex = Math.max(0, time).toString(16).padStart(12, '0');
    return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
  };
  return {
    bottom: after === null ? ALL_IDS.bottom : at(after),
    top: before === null ? ALL_IDS.top : at(before),
  };
}
