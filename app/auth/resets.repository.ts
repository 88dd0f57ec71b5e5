import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';

/** Lifetime of a reset link in hours: an admin hands it over in person or by another channel. */
const RESET_HOURS = 24;

export async function insertReset(
  trx: Trx,
  reset: { id: string; codeHash: string; userId: string },
): Promise<{ expiresAt: Date }> {
  const row = await trx
    .insertInto('password_resets')
    .values({
      id: reset.id,
      code_hash: reset.codeHash,
      user_id: reset.userId,
      expires_at: sql<Date>`now() + make_interval(hours => ${RESET_HOURS})`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return { expiresAt: row.expires_at };
}

export async function deleteResetsOf(trx: Trx, userId: string): Promise<void> {
  await trx.deleteFrom('password_resets').where('user_id', '=', userId).execute();
}

/**
 * Finds a link with its account; `expired` by the database's clock. Omits links of disabled users.
 */
export async function findReset(db: Database | Trx, codeHash: string) {
  const row = await db
    .selectFrom('password_resets')
    .innerJoin('users', 'users.id', 'password_resets.user_id')
    .select(['users.id as userId', 'users.username', 'users.role'])
    .select(['password_resets.expires_at as expiresAt', 'password_resets.used_at as usedAt'])
    .select(sql<boolean>`password_resets.expires_at <= now()`.as('expired'))
    .where('code_hash', '=', codeHash)
    .where('users.disabled_at', 'is', null)
    .executeTakeFirst();
  return row ?? null;
}

/** Marks a link as used. Returns `false` when it was used or expired meanwhile. */
export async function useReset(trx: Trx, codeHash: string): Promise<boolean> {
  const row = await trx
    .updateTable('password_resets')
    .set({ used_at: sql`now()` })
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}
