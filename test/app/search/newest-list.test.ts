import { sql, type KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentSnapshot } from '../../../app/db/snapshot-cache.ts';
import { createNewestList } from '../../../app/search/newest-list.ts';
import { mediaItem, mediaList } from '../../../app/media/media.schema.ts';
import { ALL_IDS } from '../../../app/search/list-window.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { fillFolder } from '../../support/databases/fill-library.ts';
import { picture } from '../../support/media/pictures.ts';

let app: TestApp;
let aino: Visitor;
let ids: string[];
beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  const owner = await app.deps.db.selectFrom('users').select('id').executeTakeFirstOrThrow();
  ids = await fillFolder(app.deps.db, owner.id, [{ title: 'yksi' }, { title: 'kaksi' }, { title: 'kolme' }]);
});
afterAll(() => app[Symbol.asyncDispose]());

async function snapshot(): Promise<string> {
  const { rows } = await sql<{ now: string }>`select ${currentSnapshot} as now`.execute(app.deps.db);
  return rows[0]?.now ?? '';
}

describe('pages of the newest', () => {
  it('are read from the database again only after something has changed', async () => {
    let statements = 0;
    const counted: KyselyPlugin = {
      transformQuery: ({ node }) => {
        statements++;
        return node;
      },
      transformResult: async ({ result }) => result,
    };
    const newest = createNewestList(app.deps.db.withPlugin(counted), app.deps.storage);
    const titles = async (limit: number) => {
      const items = await newest({ span: ALL_IDS, before: null, limit }, '', await snapshot());
      return items.map(({ title }) => title);
    };
    expect(await titles(2)).toEqual(['kolme', 'kaksi']);
    // Other tests use the same server, and every change counts. Poll for a quiet moment.
    await expect
      .poll(async () => {
        const before = statements;
        expect(await titles(2)).toEqual(['kolme', 'kaksi']);
        return statements - before;
      })
      .toBe(0);
    expect(await titles(3)).toEqual(['kolme', 'kaksi', 'yksi']);

    await app.deps.db
      .updateTable('media')
      .set({ title: 'uusi' })
      .where('id', '=', ids[2] ?? '')
      .execute();
    expect(await titles(2)).toEqual(['uusi', 'kaksi']);
    await app.deps.db
      .updateTable('media')
      .set({ deleted_at: new Date() })
      .where('id', '=', ids[2] ?? '')
      .execute();
    expect(await titles(2)).toEqual(['kaksi', 'yksi']);
  });

  it('show every change to everybody at once, through the API', async () => {
    const otso = await app.member(aino, 'otso');
    const titles = async () => {
      const { items } = mediaList.parse(await (await otso.request('/api/media?limit=2')).json());
      return items.map(({ title }) => title);
    };
    await titles();
    expect(await titles()).toEqual(['kaksi', 'yksi']);
    for (const title of ['a', 'b', 'c', 'd']) {
      expect((await aino.send('PATCH', `/api/media/${ids[1]}`, { title })).status).toBe(200);
      expect(await titles()).toEqual([title, 'yksi']);
      expect(await titles()).toEqual([title, 'yksi']);
    }
    const { id } = mediaItem.parse(
      await (await aino.upload(await picture(), 'a.png', { title: 'uusin' })).json(),
    );
    expect(await titles()).toEqual(['uusin', 'd']);
    expect((await aino.send('DELETE', `/api/media/${id}`)).status).toBe(204);
    expect(await titles()).toEqual(['d', 'yksi']);
  });
});
