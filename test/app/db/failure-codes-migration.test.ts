import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { expect, it } from 'vitest';
import { connect, type Database } from '../../../app/db/client.ts';
import { createLogger } from '../../../app/logger.ts';
import { FAILURE_CODES } from '../../../app/media/stages/failures.schema.ts';
import { migrations } from '../../../migrations/index.ts';
import { createEmptyDatabase } from '../../support/databases/database.ts';
import { watchMigration } from '../../support/databases/migration-locks.ts';

const NAME = '2026-11-30T0035-failure-codes';
const names = Object.keys(migrations);
const BEFORE = names[names.indexOf(NAME) - 1] ?? '';

/** Stage, state, stored sentence and its code. */
const ROWS = [
  ['thumbnail', 'failed', 'No thumbnail could be made.', 'thumbnail'],
  ['preview', 'failed', 'No preview could be made.', 'preview'],
  ['playback', 'failed', 'No version for all browsers could be made.', 'playback'],
  ['text', 'failed', 'The words in the picture could not be read.', 'text'],
  ['text', 'pending', 'The original is missing from the storage.', 'original'],
  ['preview', 'skipped', 'This server has no ffmpeg just now.', 'ffmpeg'],
  ['text', 'skipped', 'The OCR model /app/models/fin.traineddata.gz is missing.', 'models'],
  ['thumbnail', 'failed', 'No frame of the video can be decoded.', 'frame'],
  ['text', 'failed', 'No frames of the video can be decoded.', 'frames'],
  ['playback', 'failed', 'The video cannot be turned into one that every browser plays.', 'conversion'],
  ['thumbnail', 'failed', "This picture's file is damaged.", 'thumbnail'],
  ['text', 'failed', 'Someone else’s sentence.', 'text'],
  ['text', 'done', null, null],
] as const;

const idOf = (i: number) => sql`md5(${String(i)})::uuid`;

async function insertRows(db: Database): Promise<void> {
  await sql`insert into users (id, username, username_key, username_skeleton, password_hash, role)
    values (gen_random_uuid(), 'aino', 'aino', 'aino', '', 'admin')`.execute(db);
  for (const [i, [stage, state, failure]] of ROWS.entries()) {
    const failed = state === 'failed';
    await sql`insert into media (id, owner_id, kind, mime, width, height, byte_size, sha256, original_name, object_key, state, failure)
      select ${idOf(i)}, id, 'image', 'image/png', 4, 3, 12, ${String(i)}, '', ${`${i}.png`},
        ${failed ? 'failed' : 'ready'}, ${failed ? failure : null}
      from users`.execute(db);
    await sql`insert into media_stages (media_id, stage, state, failure)
      values (${idOf(i)}, ${stage}, ${state}, ${failure})`.execute(db);
  }
}

/** Lists the failures of each row's stage and item. */
async function failures(db: Database) {
  const found: [string | null, string | null][] = [];
  for (const i of ROWS.keys()) {
    const { rows } = await sql<{ stage: string | null; item: string | null }>`
      select s.failure as stage, m.failure as item
      from media m join media_stages s on s.media_id = m.id where m.id = ${idOf(i)}`.execute(db);
    for (const { stage, item } of rows) found.push([stage, item]);
  }
  return found;
}

const expected = (failureOf: (row: (typeof ROWS)[number]) => string | null) =>
  ROWS.map((row) => [failureOf(row), row[1] === 'failed' ? failureOf(row) : null]);

it('turns the sentences of earlier releases into codes, and back', async () => {
  await using database = await createEmptyDatabase();
  for (const name of names.slice(0, names.indexOf(NAME)))
    await watchMigration(database.url, migrations, name);
  const db = connect(database.url, createLogger('silent', false));
  await insertRows(db);
  const provider = { getMigrations: async () => migrations };
  const migrateTo = async (name: string) => {
    const { error } = await new Migrator({ db, provider }).migrateTo(name);
    expect(error).toBeUndefined();
  };

  await migrateTo(NAME);
  expect(await failures(db)).toEqual(expected(([, , , code]) => code));
  for (const [stage] of await failures(db)) expect([...FAILURE_CODES, null]).toContain(stage);

  await migrateTo(BEFORE);
  const general = { thumbnail: 0, preview: 1, playback: 2, text: 3 } as const;
  expect(await failures(db)).toEqual(
    expected(([stage, , sentence, code]) => {
      if (code === 'models') return 'The OCR models cannot be used.';
      return code === stage ? ROWS[general[stage]][2] : sentence;
    }),
  );

  await migrateTo(NAME);
  expect(await failures(db)).toEqual(expected(([, , , code]) => code));
  await db.destroy();
});
