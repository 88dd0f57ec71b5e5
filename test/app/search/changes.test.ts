import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Trx } from '../../../app/db/client.ts';
import { EVERYTHING } from '../../../app/search/search.repository.ts';
import { addTags, deleteTag, ensureTags, keepTags, renameTag } from '../../../app/tags/tags.repository.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { fillFolder } from '../../support/folder.ts';

let app: TestApp;
let id: string;
beforeAll(async () => {
  app = await createTestApp();
  await app.admin();
  const owner = await app.deps.db.selectFrom('users').select('id').executeTakeFirstOrThrow();
  [id = ''] = await fillFolder(app.deps.db, owner.id, [{ title: 'alku' }]);
});
afterAll(() => app[Symbol.asyncDispose]());

/** Whether the index finds the item by a lexeme, seen from here. */
async function finds(db: Database | Trx, lexeme: string): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`select id from search_gather(
    quote_literal(${lexeme})::tsquery, quote_literal(${lexeme})::tsquery, ${EVERYTHING.bottom}, ${EVERYTHING.top}, 10) as id`.execute(
    db,
  );
  return rows.some((row) => row.id === id);
}

const knows = async (db: Database | Trx, word: string) =>
  (await db.selectFrom('search_words').select('items').where('word', '=', word).execute()).length > 0;

class RolledBack extends Error {}

/** Makes a change, and checks that the transaction sees it and after a rollback nobody does. */
async function inTransaction(lexeme: string, change: (trx: Trx) => Promise<unknown>): Promise<void> {
  const { db } = app.deps;
  expect(await finds(db, lexeme)).toBe(false);
  await expect(
    db.transaction().execute(async (trx) => {
      await change(trx);
      expect(await finds(trx, lexeme)).toBe(true);
      expect(await finds(db, lexeme)).toBe(false);
      throw new RolledBack();
    }),
  ).rejects.toThrow(RolledBack);
  expect(await finds(db, lexeme)).toBe(false);
}

describe('the search index follows, in the transaction of the change,', () => {
  it.each([
    ['the title', 'title', '!otsikko', 'otsikko'],
    ['the text', 'text', 'luettua', 'luettua'],
    ['the description', 'description', 'kuvaus', 'kuvaus'],
    ['the file name', 'original_name', 'holiday', 'holiday.jpg'],
  ] as const)('%s', async (_, column, lexeme, value) => {
    await inTransaction(lexeme, (trx) =>
      trx
        .updateTable('media')
        .set({ [column]: value })
        .where('id', '=', id)
        .execute(),
    );
  });

  it('tags', () =>
    inTransaction('#uusi', async (trx) => addTags(trx, [id], await ensureTags(trx, ['uusi']))));

  it('the loss of the last tag', async () => {
    const { db } = app.deps;
    await db.transaction().execute(async (trx) => addTags(trx, [id], await ensureTags(trx, ['vanha'])));
    expect(await finds(db, '!vanha')).toBe(true);
    await inTransaction('@untagged', (trx) => keepTags(trx, id, []));
    await inTransaction('#uudempi', async (trx) => {
      const [tag = 0] = await ensureTags(trx, ['vanha']);
      await renameTag(trx, tag, 'uudempi');
      expect(await finds(trx, '#vanha')).toBe(false);
    });
    await inTransaction('@untagged', async (trx) =>
      deleteTag(trx, (await ensureTags(trx, ['vanha']))[0] ?? 0),
    );
  });

  it('its state', () =>
    inTransaction('@failed', (trx) =>
      trx.updateTable('media').set({ state: 'failed' }).where('id', '=', id).execute(),
    ));

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
      // On another connection, while the first transaction is open.
      await fillFolder(db, owner.id, [{ text: 'sana ennenkuulumaton' }]);
    });
    expect(await knows(db, 'ennenkuulumaton')).toBe(true);
  });
});
