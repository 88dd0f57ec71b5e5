import { sql } from 'kysely';
import { setBounded } from '../util/bounded-map.ts';

/**
 * Names what the statement sees of the database: which transactions have ended. Two statements with the same snapshot see the same
 * rows, and any change in between makes another one. https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT
 */
export const currentSnapshot = sql<string>`pg_current_snapshot()::text`;

interface Kept<Value> {
  value: Value;
  snapshot: string;
  until: number;
}

export interface KeepOptions {
  /** How many values are kept, those read last. */
  most: number;
  /**
   * For so long at most, in milliseconds: a server that takes over from one that failed may have lost its last changes, and then number
   * others as those were.
   */
  ms: number;
}

/**
 * Reads by key, or answers what was read before if nothing in the database has changed since. Whoever asks says under which snapshot the
 * database was looked at for them, which they know from the look-up of their session: a value of that snapshot is what reading would give.
 * @param read a value and the snapshot it was read under, or `null` where that is not known: then it is not kept
 */
export function keepBySnapshot<Value>(
  read: (key: string) => Promise<{ value: Value; snapshot: string | null }>,
  { most, ms }: KeepOptions,
): (key: string, asOf: string | null) => Promise<Value> {
  const kept = new Map<string, Kept<Value>>();
  return async (key, asOf) => {
    const known = kept.get(key);
    if (known && known.snapshot === asOf && Date.now() < known.until) return known.value;
    const { value, snapshot } = await read(key);
    if (snapshot !== null) setBounded(kept, key, { value, snapshot, until: Date.now() + ms }, most);
    return value;
  };
}
