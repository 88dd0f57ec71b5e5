import { sql } from 'kysely';
import { setBounded } from '../util/bounded-map.ts';

/**
 * Identifies the database snapshot of a statement: the set of ended transactions. Two statements
 * with the same snapshot see the same rows; any change in between gives another snapshot.
 * https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
 */
export const currentSnapshot = sql<string>`pg_current_snapshot()::text`;

interface CachedValue<Value> {
  value: Value;
  snapshot: string;
  until: number;
}

export interface SnapshotCacheOptions {
  /** Maximum number of cached values; the most recently read ones stay. */
  maxSize: number;
  /**
   * Lifetime of a value in milliseconds. A failover can lose the last changes and then reuse their
   * transaction numbers.
   */
  maxAgeMs: number;
}

/**
 * Caches a value together with the database snapshot it was read at.
 *
 * The caller passes the snapshot of its session lookup. If both match, nothing has changed and the
 * cached value is returned.
 *
 * @param read reads a value and its snapshot; the value is not cached if the snapshot is `null`
 *
 * @example
 * const newest = cacheBySnapshot(readNewest, { maxSize: 100, maxAgeMs: 60_000 });
 * await newest(userId, c.var.asOf);
 */
export function cacheBySnapshot<Value>(
  read: (key: string) => Promise<{ value: Value; snapshot: string | null }>,
  { maxSize, maxAgeMs }: SnapshotCacheOptions,
): (key: string, asOf: string | null) => Promise<Value> {
  const cache = new Map<string, CachedValue<Value>>();
  return async (key, asOf) => {
    const known = cache.get(key);
    if (known && known.snapshot === asOf && Date.now() < known.until) return known.value;
    const { value, snapshot } = await read(key);
    if (snapshot !== null) setBounded(cache, key, { value, snapshot, until: Date.now() + maxAgeMs }, maxSize);
    return value;
  };
}
