import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { connect, type Database } from '../../../app/db/client.ts';
import { createLogger } from '../../../app/logger.ts';
import { backfillSearch } from '../../../app/search/backfill.service.ts';
import { normalizeTag } from '../../../app/tags/tag-name.ts';
import { migrations } from '../../../migrations/index.ts';
import { createEmptyDatabase } from '../../support/databases/database.ts';
import { watchMigration } from '../../support/databases/migration-locks.ts';
import { randomFrom } from '../../support/media/random.ts';

const NAME = '2026-11-29T2330-search-characters';

/** Makes a database of the previous release with these items, then migrates it. */
async function migrated(items: readonly { title?: string; tags?: readonly string[] }[]) {
  const database = await createEmptyDatabase();
  for (const name of Object.keys(migrations).filter((each) => each < NAME))
    await watchMigration(database.url, migrations, name);
  const db = connect(database.url, createLogger('silent', false));
  const names = [...new Set(items.flatMap(({ tags = [] }) => tags))];
  await sql`insert into users (id, username, username_key, username_skeleton, password_hash, role)
    values (gen_random_uuid(), 'aino', 'aino', 'aino', '', 'admin')`.execute(db);
  await sql`insert into tags (name) select unnest(${names}::text[])`.execute(db);
  for (const [i, { title = '', tags = [] }] of items.entries()) {
    await sql`insert into media (id, owner_id, kind, mime, width, height, byte_size, sha256, title, original_name, state, object_key)
      select md5(${String(i)})::uuid, id, 'image', 'image/png', 4, 3, 12, ${String(i)}, ${title}, '', 'ready', ${`${i}.png`}
      from users`.execute(db);
    await sql`insert into media_tags select md5(${String(i)})::uuid, id from tags where name = any(${tags}::text[])`.execute(
      db,
    );
  }
  await watchMigration(database.url, migrations, NAME);
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db.destroy();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function tagsOf(db: Database, i: number): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from media_tags join tags on tags.id = tag_id
    where media_id = md5(${String(i)})::uuid`.execute(db);
  return rows.map(({ name }) => name).sort();
}
const found = async (db: Database, lexeme: string) => {
  const { rows } = await sql<{ n: number }>`select count(*)::integer as n from media_search
    where terms @@ quote_literal(${lexeme})::tsquery`.execute(db);
  return rows[0]?.n;
};

it('merges tags that are one emoji, and no item loses one', async () => {
  await using place = await migrated([
    { tags: ['❤', 'koira'] },
    { tags: ['❤️'] },
    { tags: ['❤', '❤️'] },
    { tags: ["don't", 'don’t'] },
    { tags: ['❤️'.repeat(15), '❤'.repeat(15), '❤'.repeat(16)] },
    { tags: [] },
  ]);
  const { db } = place;
  expect(await tagsOf(db, 0)).toEqual(['koira', '❤️']);
  expect(await tagsOf(db, 1)).toEqual(['❤️']);
  expect(await tagsOf(db, 2)).toEqual(['❤️']);
  expect(await tagsOf(db, 3)).toEqual(["don't"]);
  // The limit is 30 code points, so the longer tag loses its variation selectors.
  expect(await tagsOf(db, 4)).toEqual(['❤'.repeat(16), '❤️'.repeat(15)].sort());
  expect(await tagsOf(db, 5)).toEqual([]);
  const tags = await db.selectFrom('tags').select(['name', 'uses']).orderBy('id').execute();
  expect(tags.find(({ name }) => name === '❤️')?.uses).toBe(3);
  expect(tags.map(({ name }) => name)).not.toContain('❤');
  expect(await found(db, '#❤️')).toBe(3);
  expect(await found(db, '#❤')).toBe(0);
});

it('spells tags as new ones are spelled', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = randomFrom(seed);
  const alphabet = [
    '❤',
    '❤\ufe0f',
    '❤\ufe0e',
    '👍',
    '👍🏽',
    '☝🏽',
    '☝',
    '1',
    '\ufe0f',
    '\u20e3',
    '©',
    '🏳',
    '🌈',
    'a',
    'ä',
    '-',
    '’',
    '東',
  ];
  const names = Array.from({ length: 300 }, () =>
    Array.from({ length: 1 + random(12) }, () => alphabet[random(alphabet.length)]).join(''),
  ).filter(
    (name) =>
      normalizeTag(name) !== null &&
      Array.from(name).length <= 30 &&
      !name.startsWith('-') &&
      !name.endsWith('-'),
  );
  await using place = await migrated([{ tags: names }]);
  expect(await tagsOf(place.db, 0), `seed ${seed}`).toEqual([...new Set(names.map(normalizeTag))].sort());
});

it('leaves items to a job, which indexes each of them anew', async () => {
  await using place = await migrated(
    Array.from({ length: 250 }, () => ({ title: "can't linja-auto 東京 🔥" })),
  );
  const { db } = place;
  const ends = new AbortController();
  expect(await found(db, 'cant')).toBe(0);
  expect(await backfillSearch(db, AbortSignal.abort())).toBe(0);
  // Two processes share the work.
  const shares = await Promise.all([backfillSearch(db, ends.signal), backfillSearch(db, ends.signal)]);
  await backfillSearch(db, ends.signal);
  expect(shares[0] + shares[1]).toBeLessThanOrEqual(250);
  for (const lexeme of ['cant', '~linjaauto', '%東京', '%京', '%🔥'])
    expect(await found(db, lexeme), lexeme).toBe(250);
  expect(await db.selectFrom('search_backfill').select('after').execute()).toEqual([]);
  expect(await backfillSearch(db, ends.signal)).toBe(0);
});
