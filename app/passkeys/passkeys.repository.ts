import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';

/** Tells in a query whether the user of its row of `users` has a passkey. */
export const hasPasskey = sql<boolean>`exists (select from passkeys where passkeys.user_id = users.id)`;

const selectPasskeys = (db: Database | Trx) =>
  db.selectFrom('passkeys').select(['id', 'name', 'created_at', 'last_used_at', 'cloned_at']);

export type PasskeyRow = Awaited<ReturnType<ReturnType<typeof selectPasskeys>['executeTakeFirstOrThrow']>>;

/** Finds the passkeys of a user, newest first. */
export function findPasskeysOf(db: Database, userId: string): Promise<PasskeyRow[]> {
  return selectPasskeys(db)
    .where('user_id', '=', userId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
}

/** Finds what an authenticator needs to recognise the passkeys of a user. */
export function findCredentialsOf(db: Database, userId: string) {
  return db
    .selectFrom('passkeys')
    .select(['credential_id as id', 'transports'])
    .where('user_id', '=', userId)
    .execute();
}

/** Finds a passkey by the id that its authenticator sends. */
export async function findCredential(db: Database, credentialId: string) {
  const row = await db
    .selectFrom('passkeys')
    .select(['id', 'user_id as userId', 'credential_id as credentialId', 'public_key as publicKey'])
    .where('credential_id', '=', credentialId)
    .executeTakeFirst();
  return row ?? null;
}

export async function countPasskeysOf(trx: Trx, userId: string): Promise<number> {
  const row = await trx
    .selectFrom('passkeys')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export interface NewPasskeyRow {
  id: string;
  userId: string;
  credentialId: string;
  publicKey: Uint8Array;
  counter: number;
  transports: string[];
  name: string;
}

/** Inserts a passkey. Returns `null` when the site has its credential already. */
export async function insertPasskey(trx: Trx, passkey: NewPasskeyRow): Promise<PasskeyRow | null> {
  const row = await trx
    .insertInto('passkeys')
    .values({
      id: passkey.id,
      user_id: passkey.userId,
      credential_id: passkey.credentialId,
      public_key: Buffer.from(passkey.publicKey),
      counter: passkey.counter,
      transports: passkey.transports,
      name: passkey.name,
    })
    .onConflict((conflict) => conflict.column('credential_id').doNothing())
    .returning(['id', 'name', 'created_at', 'last_used_at', 'cloned_at'])
    .executeTakeFirst();
  return row ?? null;
}

/** Locks a passkey, and returns its counter. `null` when it was removed meanwhile. */
export async function lockCounter(trx: Trx, id: string): Promise<number | null> {
  const row = await trx
    .selectFrom('passkeys')
    .select('counter')
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst();
  return row?.counter ?? null;
}

/** Writes a use. The caller holds the lock of {@link lockCounter}. */
export async function writeUse(trx: Trx, id: string, counter: number): Promise<void> {
  await trx
    .updateTable('passkeys')
    .set({ counter, last_used_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}

/** Writes that a copy of the passkey was seen. */
export async function markCloned(trx: Trx, id: string): Promise<void> {
  await trx
    .updateTable('passkeys')
    .set({ cloned_at: sql`now()` })
    .where('id', '=', id)
    .execute();
}

/** Renames a passkey of a user. Returns `null` when the user has no such passkey. */
export async function renamePasskeyOf(
  db: Database,
  userId: string,
  { id, name }: { id: string; name: string },
): Promise<PasskeyRow | null> {
  const row = await db
    .updateTable('passkeys')
    .set({ name })
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .returning(['id', 'name', 'created_at', 'last_used_at', 'cloned_at'])
    .executeTakeFirst();
  return row ?? null;
}

/** Deletes one passkey of a user. Returns `false` when the user has no such passkey. */
export async function deletePasskeyOf(trx: Trx, userId: string, id: string): Promise<boolean> {
  const row = await trx
    .deleteFrom('passkeys')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Deletes every passkey of a user. Returns their number. */
export async function deletePasskeysOf(trx: Trx, userId: string): Promise<number> {
  const rows = await trx.deleteFrom('passkeys').where('user_id', '=', userId).returning('id').execute();
  return rows.length;
}
