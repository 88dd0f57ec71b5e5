import type { Database } from '../db/client.ts';
import type { SessionUser } from '../http/env.ts';
import { draw, drawOf, type Drawn } from './draw.ts';
import { findLike } from './like-list.repository.ts';
import { isEmpty, parseQuery } from './parse-query.ts';
import { planPage } from './plan/page-plan.ts';
import { planSearch, spanOf } from './plan/plan-search.ts';
import { unranked } from './plan/ranking.ts';
import type { Statistics } from './plan/statistics.ts';
import type { WordForms } from './word-forms.ts';

/**
 * Draws items at random from the matches of `q`, or from all. A search has the matches that it has
 * in a list.
 *
 * @throws AppError invalid_cursor
 */
export type Surprise = (query: { q: string; cursor?: string | undefined }, by: SessionUser) => Promise<Drawn>;

interface SurpriseDeps {
  db: Database;
  forms: WordForms;
  statistics: () => Promise<Statistics>;
  /** Time limit of a draw without a match, milliseconds. */
  continueMs: number;
}

export const createSurprise =
  ({ db, forms, statistics, continueMs }: SurpriseDeps): Surprise =>
  async ({ q, cursor }, by) => {
    const query = parseQuery(q);
    const until = Date.now() + continueMs;
    const span = spanOf(query);
    const ranged = query.before !== null || query.after !== null;
    const hasLike = query.like.length > 0;
    if (isEmpty(query) && !hasLike) {
      // A search of punctuation only finds nothing.
      if (!ranged && q.trim() !== '') return drawOf([]);
      return draw(db, { span, ranged, query: null, lookup: null }, cursor, until);
    }
    const plan = isEmpty(query)
      ? null
      : await planSearch(query, { db, forms, statistics: await statistics(), by });
    const tiers = plan && unranked(plan.tiers);
    const condition = tiers?.tiers[0]?.query.text ?? null;
    if (hasLike) return drawOf(await findLike(db, query.like, { condition, span, by }));
    const page = plan && tiers && planPage({ ...plan, tiers }, { span, before: null, limit: 1 }, 1);
    const lookup = page?.groups[0]?.lookUpAll === true ? page : null;
    return draw(db, { span, ranged, query: condition, lookup }, cursor, until);
  };
