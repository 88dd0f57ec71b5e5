import { sql } from 'kysely';
import type { SessionUser } from '../http/env.ts';
import type { Database } from '../db/client.ts';
import { MAX_ALIKE_DISTANCE, MAX_ALIKE_ITEMS } from '../media/alike/alike.limits.ts';
import { findAlike, findFingerprint } from '../media/alike/fingerprints.repository.ts';
import { findMedia } from '../media/media.repository.ts';
import { isVisible } from '../media/visibility.ts';
import type { Span } from './list-window.ts';

/**
 * Finds items outside the trash that look like all of the given ones, newest first. The items
 * themselves are among them. Of each, the newest {@link MAX_ALIKE_ITEMS} alike items are compared.
 *
 * @param condition the tsquery of the rest of the search, as text; `null` for none
 */
export async function findLike(
  db: Database,
  like: readonly string[],
  { condition, span, by }: { condition: string | null; span: Span; by: SessionUser },
): Promise<string[]> {
  const sets = await Promise.all(like.map((id) => alikeIds(db, id, by)));
  const [first = new Set<string>(), ...others] = sets;
  const ids = [...first].filter(
    (id) => id >= span.bottom && id < span.top && others.every((other) => other.has(id)),
  );
  const rows = await db
    .selectFrom('media_search')
    .select('media_id')
    .where('media_id', 'in', [...ids, NOBODY])
    .where('live', '=', true)
    .$if(condition !== null, (query) => query.where(sql<boolean>`terms @@ ${condition}::tsquery`))
    .orderBy('media_id', 'desc')
    .execute();
  return rows.map(({ media_id }) => media_id);
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

async function alikeIds(db: Database, id: string, by: SessionUser): Promise<ReadonlySet<string>> {
  const item = await findMedia(db, id);
  if (item === null || !isVisible(item, by)) return new Set();
  const search = { distance: MAX_ALIKE_DISTANCE, limit: MAX_ALIKE_ITEMS };
  const alike = await findAlike(db, await findFingerprint(db, id), search);
  return new Set([id, ...alike.map((one) => one.id)]);
}
