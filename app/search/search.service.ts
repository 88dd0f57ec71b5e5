import type { SessionUser } from '../http/env.ts';
import { usernameKey } from '../auth/username.ts';
import type { Database } from '../db/client.ts';
import { AppError } from '../http/errors.ts';
import { findMediaByIds, type MediaRow } from '../media/media.repository.ts';
import type { ListSort, MediaList, MediaListItem, MediaListQuery } from '../media/media.schema.ts';
import { toListItem } from '../media/media.view.ts';
import type { Storage } from '../storage/storage.ts';
import { correctedText, applyCorrections, correctionsFor } from './spelling/corrections.ts';
import { findCollectionsByKeys } from '../collections/collections.repository.ts';
import { searchCollected } from './collected.repository.ts';
import { decodeCursor, encodeCursor, type Correction, type Place, type Position } from './cursor.ts';
import { createMatcher, unclearWords, type HighlightContext } from './highlight.ts';
import { findLike } from './like-list.repository.ts';
import { createNewestList } from './newest-list.ts';
import type { ListWindow } from './list-window.ts';
import { isEmpty, parseQuery, type Filter, type Query } from './parse-query.ts';
import { planPage } from './plan/page-plan.ts';
import { collectionKeysOf, planSearch, spanOf, type PlanDeps, type SearchPlan } from './plan/plan-search.ts';
import { unranked, type Forms } from './plan/ranking.ts';
import { createStatistics } from './plan/statistics.ts';
import { listSpans, listTrash, searchRanked, type RankedPage } from './search.repository.ts';
import { searchSorted } from './sorted.repository.ts';
import { createSurprise, type Surprise } from './surprise.ts';
import { fieldTexts } from './text/tokens.ts';
import { createForms, type WordForms } from './word-forms.ts';

/** Lists and searches the library. */
export interface SearchService {
  /**
   * Returns a page of items: all items newest first, or the matches of `q` and the filters, best
   * first. A list of one collection has the collection's order. `sort` chooses another order.
   *
   * A search of punctuation only finds nothing. A word without matches is corrected, and the answer
   * contains the correction.
   *
   * @param by - the requesting user; `is:mine`, `is:favourite` and the trash depend on it
   * @param asOf - the database snapshot read since this request arrived
   *   (app/db/snapshot-cache.ts)
   * @throws AppError invalid_cursor
   */
  list(query: MediaListQuery, by: SessionUser, asOf?: string | null): Promise<MediaList>;
  surprise: Surprise;
  /** Returns a few items of each day, newest first. Times in milliseconds since 1970. */
  days(days: readonly { from: number; to: number }[], by: SessionUser): Promise<MediaListItem[]>;
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
      const query = withParameters(parseQuery(asked.q ?? ''), asked);
      const collection = asked.sort === undefined ? await ownOrder(db, query) : null;
      const sort = asked.sort ?? (collection?.sort === 'oldest' ? 'oldest' : undefined);
      const byHand = collection?.sort === 'hand' ? collection.id : null;
      const asks = [by.id, asked.q, asked.tag, asked.type, asked.by, asked.trash];
      // A cursor of a release without orders stays valid.
      const orders = byHand === null ? sort : 'hand';
      const identity = JSON.stringify(orders === undefined ? asks : [...asks, orders]);
      const at = asked.cursor === undefined ? null : decodeCursor(asked.cursor, identity);
      // One additional row tells whether a next page exists.
      const page = { before: at?.id ?? null, limit: asked.limit + 1 };
      const order = orderOf(sort);
      const cursorAt = (end: Place | null, corrections: readonly Correction[] = []) =>
        end && encodeCursor({ ...end, corrections }, identity);
      const plain = (items: readonly MediaListItem[]): MediaList => {
        const shown = items.slice(0, asked.limit);
        const last = items.length > asked.limit ? shown.at(-1) : undefined;
        const nextCursor = cursorAt(last === undefined ? null : { id: last.id, tier: 1 });
        return { items: shown, nextCursor, total: null, corrected: null };
      };

      /** Lists what looks like given items, newest or oldest first. */
      const likePage = async (query: Query, { limit }: MediaListQuery, at: Position | null) => {
        const deps = { db, forms, statistics: await statistics(), by };
        const plan = isEmpty(query) ? null : await planSearch(query, deps);
        const tiers = plan && unranked(plan.tiers).tiers;
        const found = await findLike(db, query.like, {
          condition: tiers?.[0]?.query.text ?? null,
          span: spanOf(query),
          by,
        });
        const ids = sort === 'oldest' ? found.toReversed() : found;
        const from = at === null ? 0 : ids.findIndex((id) => (sort === 'oldest' ? id > at.id : id < at.id));
        const page = from < 0 ? [] : ids.slice(from, from + limit + 1);
        const rows = await findMediaByIds(db, page);
        const items = rows.map((row) => toListItem(row, storage, by.id));
        const list = plain(sort === 'oldest' ? items.toReversed() : items);
        return { ...list, total: at === null ? { value: ids.length, exact: true } : null };
      };

      if (asked.trash) {
        const rows = await listTrash(db, by.role === 'admin' ? null : by.id, page);
        return plain(rows.map((row) => toListItem(row, storage, by.id)));
      }
      if (query.like.length > 0) return likePage(query, asked, at);
      if (isEmpty(query)) {
        const isUnsearchable = (asked.q ?? '') !== '' && query.before === null && query.after === null;
        if (isUnsearchable) return plain([]);
        const span = spanOf(query);
        if (order === undefined) return plain(await newest({ ...page, span }, by.id, asOf));
        const { rows, next } = await searchSorted(db, { order, after: at, span, limit: page.limit }, null);
        const shown = rows.slice(0, asked.limit);
        return {
          items: shown.map((row) => toListItem(row, storage, by.id)),
          nextCursor: cursorAt((rows.length > asked.limit ? shown.at(-1) : undefined) ?? next),
          total: null,
          corrected: null,
        };
      }

      const deps = { db, forms, statistics: await statistics(), by };
      const found = await searchPage(query, { ...deps, page, at, sort, byHand, continueMs });
      const { plan, corrections } = found;
      const shown = found.rows.slice(0, asked.limit);
      const last = found.rows.length > asked.limit ? shown.at(-1) : undefined;
      const nextCursor = cursorAt(last ?? found.next, corrections);
      const matches = await matchesOf(forms, shown, { terms: plan.query.terms, forms: plan.forms });
      return {
        items: shown.map((row, i) => toListItem(row, storage, by.id, matches[i] ?? null)),
        nextCursor,
        total: at === null ? totalOf(found, nextCursor === null) : null,
        corrected:
          corrections.length === 0
            ? null
            : { query: correctedText(asked.q ?? '', corrections), words: corrections.map(toCorrection) },
      };
    },

    async days(days, by) {
      const spans = days.map(({ from, to }) => spanOf({ after: from, before: to }));
      const rows = await listSpans(db, spans, MAX_ITEMS_OF_A_DAY);
      return rows.slice(0, MAX_ITEMS_OF_DAYS).map((row) => toListItem(row, storage, by.id));
    },

    surprise: createSurprise({ db, forms, statistics, continueMs }),
  };
}

/** Largest number of items of one day, and of all asked days: a row of small pictures. */
const MAX_ITEMS_OF_A_DAY = 6;
const MAX_ITEMS_OF_DAYS = 24;

const toCorrection = ([from, to]: Correction) => ({ from, to });

/** Input of {@link searchPage} besides the query. */
interface PageContext extends PlanDeps {
  page: Omit<ListWindow, 'span'>;
  at: Position | null;
  sort: ListSort | undefined;
  /** The collection whose own order the list has. */
  byHand: string | null;
  continueMs: number;
}

interface FoundPage extends RankedPage {
  plan: SearchPlan;
  corrections: readonly Correction[];
}

/** Searches a page; corrects words without matches on the first one. */
async function searchPage(asked: Query, ctx: PageContext): Promise<FoundPage> {
  const { db, at } = ctx;
  const corrections = at?.corrections ?? [];
  const plan = await planned(applyCorrections(asked, corrections), ctx);
  const found = { ...(await readPage(plan, ctx)), plan, corrections };
  // A word without matches has no next page either.
  if (found.rows.length > 0 || at !== null) return found;
  const fresh = await correctionsFor(db, asked, plan, found.next === null);
  if (fresh.length === 0) return found;
  const corrected = await planned(applyCorrections(asked, fresh), ctx, plan.forms);
  const again = await readPage(corrected, ctx);
  const anything = again.rows.length > 0 || again.next !== null;
  return anything ? { ...again, plan: corrected, corrections: fresh } : found;
}

async function planned(query: Query, ctx: PageContext, known?: Forms): Promise<SearchPlan> {
  const plan = await planSearch(query, ctx, known);
  if (plan === null) throw new Error('A search without anything to search for.');
  return ctx.sort === undefined ? plan : { ...plan, tiers: unranked(plan.tiers) };
}

/** Reads a page. Continues for a while if it ends early and has no match. */
async function readPage(plan: SearchPlan, ctx: PageContext): Promise<RankedPage> {
  const { at, continueMs } = ctx;
  // A forged cursor may have a tier that this search lacks.
  if (at && at.tier > plan.tiers.tiers.length)
    throw new AppError('invalid_cursor', 'This cursor does not belong to this list.');
  const until = Date.now() + continueMs;
  let found = await readFrom(at, plan, ctx);
  while (found.rows.length === 0 && found.next !== null && Date.now() < until)
    found = await readFrom(found.next, plan, ctx);
  return found;
}

/** Reads the page after a place, in the order that was asked for. */
function readFrom(after: Place | null, plan: SearchPlan, { db, page, sort, byHand }: PageContext) {
  if (byHand !== null) {
    const query = plan.tiers.tiers[0]?.query.text ?? '';
    return searchCollected(db, { collectionId: byHand, query, span: plan.span, after, limit: page.limit });
  }
  const window = { ...page, span: plan.span, before: after?.id ?? null };
  const pagePlan = planPage(plan, window, after?.tier ?? 1);
  const order = orderOf(sort);
  return order === undefined
    ? searchRanked(db, pagePlan)
    : searchSorted(db, { order, after, span: plan.span, limit: page.limit }, pagePlan);
}

/**
 * Returns the collection whose own order a list has: that of one collection without words. Words
 * rank their matches, and several collections have no common order.
 */
async function ownOrder(db: Database, { terms, filters }: Query) {
  const [key, ...others] = collectionKeysOf(filters);
  if (key === undefined || others.length > 0 || terms.length > 0) return null;
  return (await findCollectionsByKeys(db, [key])).get(key) ?? null;
}

/** The order that only the sorted lists have; the others are newest first within a tier. */
const orderOf = (sort: ListSort | undefined) => (sort === 'newest' ? undefined : sort);

/**
 * Returns the total: exact for few matches or a complete list, otherwise an estimate with two
 * digits.
 */
function totalOf({ rows, total, plan }: FoundPage, complete: boolean): MediaList['total'] {
  if (complete) return { value: rows.length, exact: true };
  if (total !== null) return { value: total, exact: true };
  const estimate = Math.max(plan.estimated, rows.length);
  return { value: Math.round(Number(estimate.toPrecision(2))), exact: false };
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
