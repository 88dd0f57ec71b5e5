import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';

export interface NewInviteRow {
  id: string;
  codeHash: string;
  note: string;
  /** `null` for an invite of the operator. */
  createdBy: string | null;
  days: number;
}

export async function insertInvite(trx: Trx, invite: NewInviteRow): Promise<{ expiresAt: Date }> {
  const row = await trx
    .insertInto('invites')
    .values({
      id: invite.id,
      code_hash: invite.codeHash,
      note: invite.note,
      created_by: invite.createdBy,
      expires_at: sql<Date>`now() + make_interval(days => ${invite.days})`,
    })
    .returning('expires_at')
    .executeTakeFirstOrThrow();
  return { expiresAt: row.expires_at };
}

/** Selects invites with the usernames around them; `expired` by the database's clock. */
function selectInvites(db: Database | Trx) {
  return db
    .selectFrom('invites')
    .leftJoin('users as creator', 'creator.id', 'invites.created_by')
    .leftJoin('users as guest', 'guest.id', 'invites.used_by')
    .select([
      'invites.id',
      'invites.note',
      'invites.created_by',
      'invites.created_at',
      'invites.expires_at',
      'invites.revoked_at',
      'invites.used_at',
      'creator.username as created_by_name',
      'guest.username as used_by_name',
    ])
    .select(sql<boolean>`invites.expires_at <= now()`.as('expired'));
}

export type InviteRow = Awaited<ReturnType<ReturnType<typeof selectInvites>['executeTakeFirstOrThrow']>>;

/** Finds at most 200 invites, newest first: all, or those of one user. Older ones are history. */
export async function findInvites(db: Database, createdBy: string | null): Promise<InviteRow[]> {
  let query = selectInvites(db).orderBy('invites.created_at', 'desc').orderBy('invites.id').limit(200);
  if (createdBy !== null) query = query.where('invites.created_by', '=', createdBy);
  return query.execute();
}

export async function findInvite(db: Database, id: string): Promise<InviteRow | null> {
  return (await selectInvites(db).where('invites.id', '=', id).executeTakeFirst()) ?? null;
}

export async function findInviteByCode(db: Database | Trx, codeHash: string): Promise<InviteRow | null> {
  return (await selectInvites(db).where('invites.code_hash', '=', codeHash).executeTakeFirst()) ?? null;
}

/**
 * Marks an invite as used, unless it is used, revoked or expired. The row admits one of two
 * concurrent calls.
 */
export async function claimInvite(trx: Trx, codeHash: string, usedBy: string): Promise<boolean> {
  const row = await trx
    .updateTable('invites')
    .set({ used_by: usedBy, used_at: sql`now()` })
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Revokes an invite. Returns `false` when it was used already. */
export async function revokeInvite(db: Database, id: string): Promise<boolean> {
  const row = await db
    .updateTable('invites')
    .set({ revoked_at: sql<Date>`coalesce(revoked_at, now())` })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Revokes every open invite of one user. */
export async function revokeInvitesOf(trx: Trx, createdBy: string): Promise<void> {
  await trx
    .updateTable('invites')
    .set({ revoked_at: sql`now()` })
    .where('created_by', '=', createdBy)
    .where('used_at', 'is', null)
    .where('revoked_at', 'is', null)
    .execute();
}
