import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { tagList } from '../../../app/tags/tags.schema.ts';
import { createTestApp, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { deadlocksIn } from '../../support/databases/deadlocks.ts';
import { fillFolder } from '../../support/databases/fill-library.ts';
import { meeting } from '../../support/meeting.ts';
import { picture } from '../../support/media/pictures.ts';
import { randomFrom } from '../../support/media/random.ts';
import { TEST_HANGS_AFTER_MS } from '../../support/hang-guard.ts';

/**
 * `SEED=` repeats a run. `MIX_SECONDS=` runs the random mix for that long, instead of
 * {@link OPERATIONS}.
 */
const SEED = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const SECONDS = Number(process.env['MIX_SECONDS'] ?? 0);
const OPERATIONS = 400;
const CLIENTS = 8;
const TAGS = ['koira', 'kissa', 'hauska', 'työ', 'maanantai', 'kahvi', 'sää', 'juhannus'];

let app: TestApp;
let aino: Visitor;
beforeEach(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
});
afterEach(() => app[Symbol.asyncDispose]());

const uses = async () => {
  const { tags } = tagList.parse(await (await aino.request('/api/tags?limit=1000')).json());
  return Object.fromEntries(tags.map((tag) => [tag.name, tag.uses]));
};
const statuses = async (requests: readonly Promise<Response>[]) =>
  (await Promise.all(requests)).map(({ status }) => status);
const times = (count: number, status: number) => Array.from({ length: count }, () => status);
const rows = async (count: number) => {
  const { id } = await app.deps.db.selectFrom('users').select('id').executeTakeFirstOrThrow();
  return fillFolder(
    app.deps.db,
    id,
    Array.from({ length: count }, (_, i) => ({ title: `kuva ${i}` })),
  );
};

/** Closes the app's connections and counts deadlocks. The lock order leaves none to retry. */
async function deadlocks(): Promise<number> {
  await app.deps.jobs.stop(2000);
  await app.deps.db.destroy();
  return deadlocksIn(app.databaseUrl);
}

describe('at the same time', () => {
  it('13 uploads with the same tags are all stored, then all get a title and more tags', async () => {
    const files = await Promise.all(Array.from({ length: 13 }, () => picture()));
    const sent = await Promise.all(files.map((file) => aino.upload(file, 'a.png', { tags: 'koira, kissa' })));
    expect(sent.map(({ status }) => status)).toEqual(times(13, 201));
    const ids = await Promise.all(sent.map(async (one) => mediaItem.parse(await one.json()).id));

    const changes = ids.flatMap((id) => [
      aino.send('PATCH', `/api/media/${id}`, { title: 'maanantai' }),
      aino.send('PUT', `/api/media/${id}/tags`, { tags: ['kissa', 'koira', 'kahvi', 'sää'] }),
    ]);
    expect(await statuses(changes)).toEqual(times(26, 200));
    expect(await uses()).toEqual({ koira: 13, kissa: 13, kahvi: 13, sää: 13 });
    expect(await deadlocks()).toBe(0);
  });

  it('50 items get overlapping tags in any order', async () => {
    const ids = await rows(50);
    const below = randomFrom(SEED);
    const wanted = ids.map((_, i) =>
      [0, 1, 2, 3].map((step) => TAGS[(i + step * (1 + below(2))) % TAGS.length] ?? ''),
    );
    for (const tags of [wanted, wanted.map((each) => each.toReversed()).toReversed()]) {
      const puts = ids.map((id, i) => aino.send('PUT', `/api/media/${id}/tags`, { tags: tags[i] }));
      expect(await statuses(puts), `SEED=${SEED}`).toEqual(times(50, 200));
    }
    await expectExact();
    expect(await deadlocks()).toBe(0);
  });

  it('two tags get the same new name once', async () => {
    const [first = '', second = ''] = await rows(2);
    await aino.send('PUT', `/api/media/${first}/tags`, { tags: ['yksi'] });
    await aino.send('PUT', `/api/media/${second}/tags`, { tags: ['kaksi'] });
    const renames = ['yksi', 'kaksi'].map((name) =>
      aino.send('PATCH', `/api/tags/${name}`, { name: 'uusi' }),
    );
    expect((await statuses(renames)).toSorted()).toEqual([200, 409]);
  });

  it('a tag is renamed while its items are edited, and the search knows both', async () => {
    const ids = await rows(20);
    await aino.send('POST', '/api/tags/changes', { ids, add: ['koira'] });
    for (let round = 0; round < 5; round++) {
      const [from, to] = round % 2 ? ['hauva', 'koira'] : ['koira', 'hauva'];
      const edits = ids.map((id) => aino.send('PATCH', `/api/media/${id}`, { title: `kierros${round}` }));
      const rename = aino.send('PATCH', `/api/tags/${from}`, { name: to });
      expect(await statuses([...edits, rename])).toEqual(times(21, 200));
      await expectExact();
    }
    expect(await deadlocks()).toBe(0);
  });
});

describe('the trigger that counts tags', () => {
  it('lets two transactions count a tag that both refer to', async () => {
    const { db } = app.deps;
    const ids = await rows(2);
    await aino.send('POST', '/api/tags/changes', { ids, add: ['koira'] });
    await aino.send('POST', '/api/tags/changes', { ids, remove: ['koira'] });
    const bothRefer = meeting(2);
    const tag = (id: string) =>
      db.transaction().execute(async (trx) => {
        // Takes the same lock as the foreign key of media_tags.
        const { rows: found } = await sql<{ id: number }>`
          select id from tags where name = 'koira' for key share`.execute(trx);
        await bothRefer();
        await sql`insert into media_tags (media_id, tag_id) values (${id}, ${found[0]?.id})`.execute(trx);
      });
    await Promise.all(ids.map(tag));
    expect(await uses()).toEqual({ koira: 2 });
    expect(await deadlocks()).toBe(0);
  });
});

describe('a random mix of changes by 8 people', () => {
  const bound = SECONDS > 0 ? `${SECONDS} s` : `${OPERATIONS} operations`;
  it(
    `answers no 5xx, loses nothing and meets no deadlock (${bound}, SEED=${SEED})`,
    async () => {
      const below = randomFrom(SEED);
      const pick = <T>(all: readonly T[]): T | undefined => all[below(all.length)];
      const ids = await rows(25);
      const clients = await people();
      const tag = () => pick(TAGS) ?? '';
      const tags = () => Array.from({ length: 1 + below(4) }, tag);
      const some = () => Array.from({ length: 1 + below(6) }, () => pick(ids) ?? '');
      const at = (name: string) => encodeURIComponent(name);
      const operations: ((who: Visitor) => Promise<Response>)[] = [
        (who) => upload(who, tags().join(',')),
        (who) => who.send('PUT', `/api/media/${pick(ids)}/tags`, { tags: tags() }),
        (who) => who.send('PUT', `/api/media/${pick(ids)}/tags`, { tags: tags() }),
        (who) => who.send('POST', '/api/tags/changes', { ids: some(), add: tags(), remove: tags() }),
        (who) => who.send('PATCH', `/api/media/${pick(ids)}`, { title: tag(), text: tags().join(' ') }),
        (who) => who.send('DELETE', `/api/media/${pick(ids)}`),
        (who) => who.send('POST', `/api/media/${pick(ids)}/restore`),
        (who) => who.send('POST', '/api/media/trash', { ids: some() }),
        (who) => who.send('POST', '/api/media/restore', { ids: some() }),
        (who) => who.send('PATCH', `/api/tags/${at(tag())}`, { name: tag() }),
        (who) => who.send('POST', `/api/tags/${at(tag())}/merge`, { into: tag() }),
        (who) => who.send('DELETE', `/api/tags/${at(tag())}`),
        (who) => who.send('POST', `/api/media/${pick(ids)}/reprocess`),
        (who) => who.request('/api/media?q=koira'),
      ];
      async function upload(who: Visitor, names: string): Promise<Response> {
        const response = await who.upload(await picture('png', { width: 24, height: 16 }), 'a.png', {
          tags: names,
        });
        if (response.status === 201) ids.push(mediaItem.parse(await response.clone().json()).id);
        return response;
      }

      const answers = new Map<number, number>();
      const until = performance.now() + SECONDS * 1000;
      let done = 0;
      const goesOn = () => (SECONDS > 0 ? performance.now() < until : done < OPERATIONS);
      await Promise.all(
        clients.map(async (who) => {
          while (goesOn()) {
            done += 1;
            const { status } = (await pick(operations)?.(who)) ?? { status: 0 };
            answers.set(status, (answers.get(status) ?? 0) + 1);
          }
        }),
      );

      const expected = new Set([200, 201, 204, 403, 404, 409]);
      const others = [...answers].filter(([status]) => !expected.has(status));
      expect(others, `SEED=${SEED}: ${JSON.stringify([...answers])}`).toEqual([]);
      // The mix did produce the answers that the test is about.
      expect(answers.get(200)).toBeGreaterThan(50);
      expect(answers.get(201)).toBeGreaterThan(5);
      await expectExact();
      expect(await deadlocks()).toBe(0);
    },
    SECONDS * 1000 + TEST_HANGS_AFTER_MS,
  );
});

/** Adds users; half of them are admins, who may do everything. */
async function people(): Promise<Visitor[]> {
  const clients: Visitor[] = [];
  for (let i = 0; i < CLIENTS; i++) {
    await app.member(aino, `client-${i}`);
    const { id } = await app.deps.db
      .selectFrom('users')
      .select('id')
      .where('username', '=', `client-${i}`)
      .executeTakeFirstOrThrow();
    if (i % 2 === 0) await aino.send('PATCH', `/api/users/${id}`, { role: 'admin' });
    const client = app.visitor();
    await client.send('POST', '/api/auth/login', { username: `client-${i}`, password: PASSWORD });
    clients.push(client);
  }
  return clients;
}

/**
 * Checks that the data kept by triggers equals a fresh computation: tag counts, and the search row
 * of every item.
 */
async function expectExact(): Promise<void> {
  const { db } = app.deps;
  const { rows: wrong } = await sql`
    select name, uses from tags where uses <> (
      select count(*) from media_tags join media on media.id = media_id and deleted_at is null where tag_id = tags.id)
  `.execute(db);
  expect(wrong).toEqual([]);
  const stored = () =>
    db.selectFrom('media_search').select(['media_id', 'live', 'terms']).orderBy('media_id').execute();
  const before = await stored();
  await sql`select search_reindex(array(select id from media))`.execute(db);
  expect(before).toEqual(await stored());
}
