import type { Selectable, Updateable } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import type { Settings } from '../db/schema.gen.ts';

type SettingsRow = Pick<Selectable<Settings>, 'members_may_invite'>;

/** Reads the single row of settings. */
export function readSettings(db: Database | Trx): Promise<SettingsRow> {
  return db.selectFrom('settings').select('members_may_invite').executeTakeFirstOrThrow();
}

export async function updateSettings(
  db: Database | Trx,
  values: Updateable<SettingsRow>,
): Promise<SettingsRow> {
  if (Object.keys(values).length === 0) return readSettings(db);
  return db.updateTable('settings').set(values).returning('members_may_invite').executeTakeFirstOrThrow();
}
