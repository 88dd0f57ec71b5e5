import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Trx } from '../../../app/db/client.ts';
import { changeTags, deleteTag, findTag, renameTag } from '../../../app/tags/tags.repository.ts';
import { createTestApp, type TestApp } from '../../support/servers/app.ts';
import { fillFolder } from '../../support/databases/fill-library.ts';

let app: TestApp;
let id: string;
beforeAll(async () => {
  app = await createTestApp();
  await app.admin();
  const owner = await app.deps.db.selectFrom('users').select('id').executeTakeFirstOrThrow();
  [id = ''] = await fillFolder(app.deps.db, owner.id, [{ title: 'alku' }]);
});
afterAll(() => app[Symbol.asyncDispose]());

/** Tests whether the index finds the item by a lexeme, as seen from this connection. */
async function finds(db: Database | Trx, lexeme: string): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`select media_id as id from media_search
    where live and terms @@ quote_literal(${lexeme})::tsquery`.execute(db);
  return rows.some((row) => row.id === id);
}

const knows = async (db: Database | Trx, word: string) =>
  (await db.selectFrom('search_words').select('items').where('word', '=', word).execute()).length > 0;

class RolledBack extends Error {}

/**
 * Tells whether a search by the lexeme finds the item before, during and after a change. During it,
 * tests the transaction and another connection. The change is rolled back.
 */
async function seenAround(lexeme: string, change: (trx: Trx) => Promise<unknown>) {
  const { db } = app.deps;
  const seen = { before: await finds(db, lexeme), inside: false, outside: true, after: true };
  await db
    .transaction()
    .execute(async (trx) => {
      await change(trx);
      seen.inside = await finds(trx, lexeme);
      seen.outside = await finds(db, lexeme);
      throw new RolledBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
  seen.after = await finds(db, lexeme);
  return seen;
}
/** Only the transaction sees its change, and nothing of it remains. */
const ONLY_INSIDE = { before: false, inside: true, outside: false, after: false };

describe('the search index follows, in the transaction of the change,', () => {
  it.each([
    ['the title', 'title', '!otsikko', 'otsikko'],
    ['the text', 'text', 'luettua', 'luettua'],
    ['the description', 'description', 'kuvaus', 'kuvaus'],
    ['the file name', 'original_name', 'holiday', 'holiday.jpg'],
  ] as const)('%s', async (_, column, lexeme, value) => {
    const seen = await seenAround(lexeme, (trx) =>
      trx
        .updateTable('media')
        .set({ [column]: value })
        .where('id', '=', id)
        .execute(),
    );
    expect(seen).toEqual(ONLY_INSIDE);
  });

  it('tags', async () => {
    const seen = await seenAround('#uusi', (trx) => changeTags(trx, [id], { add: ['uusi'] }));
    expect(seen).toEqual(ONLY_INSIDE);
  });

  it('the loss of the last tag', async () => {
    const { db } = app.deps;
    await db.transaction().execute((trx) => changeTags(trx, [id], { add: ['vanha'] }));
    expect(await finds(db, '!vanha')).toBe(true);
    expect(await seenAround('@untagged', (trx) => changeTags(trx, [id], { remove: ['vanha'] }))).toEqual(
      ONLY_INSIDE,
    );
    const renamed = await seenAround('#uudempi', async (trx) => {
      await changeTags(trx, [id], { add: ['vanha'] });
      await renameTag(trx, (await findTag(trx, 'vanha'))?.id ?? 0, 'uudempi');
      expect(await finds(trx, '#vanha')).toBe(false);
    });
    expect(renamed).toEqual(ONLY_INSIDE);
    const deleted = await seenAround('@untagged', async (trx) =>
      deleteTag(trx, (await findTag(trx, 'vanha'))?.id ?? 0),
    );
    expect(deleted).toEqual(ONLY_INSIDE);
  });

  it('its state', async () => {
    const seen = await seenAround('@failed', (trx) =>
      trx.updateTable('media').set({ state: 'failed' }).where('id', '=', id).execute(),
    );
    expect(seen).toEqual(ONLY_INSIDE);
  });

  it('the trash, and its vocabulary too', async () => {
    const { db } = app.deps;
    expect(await knows(db, 'alku')).toBe(true);
    await db.updateTable('media').set({ deleted_at: new Date() }).where('id', '=', id).execute();
    expect(await finds(db, 'alku')).toBe(false);
    expect(await knows(db, 'alku')).toBe(false);
    await db.updateTable('media').set({ deleted_at: null }).where('id', '=', id).execute();
    expect(await finds(db, 'alku')).toBe(true);
    expect(await knows(db, 'alku')).toBe(true);
  });
});

describe('two transactions that bring the same new words', () => {
  it('do not wait for each other', async () => {
    const { db } = app.deps;
    const owner = await db.selectFrom('users').select('id').executeTakeFirstOrThrow();
    await db.transaction().execute(async (trx) => {
      await trx.updateTable('media').set({ text: 'ennenkuulumaton sana' }).where('id', '=', id).execute();
      // Uses another connection while the first transaction is open.
      await fillFolder(db, owner.id, [{ text: 'sana ennenkuulumaton' }]);
    });
    expect(await knows(db, 'ennenkuulumaton')).toBe(true);
  });
});
