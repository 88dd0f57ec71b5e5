import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { connect } from '../../../app/db/client.ts';
import { createLogger } from '../../../app/logger.ts';
import { FUNCTIONS, TRIGGERS } from '../../../app/search/sql/index.ts';
import { createTestDatabase } from '../../support/databases/database.ts';
import { readSchema } from '../../support/databases/schema.ts';

const FOLDER = join(import.meta.dirname, '../../../app/search/sql');

it('the folder has every function and trigger of a migrated database, as it is there', async () => {
  await using database = await createTestDatabase();
  const db = connect(database.url, createLogger('silent', false), 1);
  const migrated = await readSchema(db);
  expect(migrated.functions).toHaveLength(FUNCTIONS.length);
  expect(migrated.triggers).toHaveLength(TRIGGERS.length);
  // Drops them all and makes them anew from the folder. Functions take their triggers along.
  for (const text of FUNCTIONS) {
    const name = /function (\w+)\(/.exec(text)?.[1] ?? '';
    await sql`drop function ${sql.ref(name)} cascade`.execute(db);
  }
  expect((await readSchema(db)).functions).toEqual([]);
  for (const text of [...FUNCTIONS, ...TRIGGERS]) await sql.raw(text).execute(db);
  const defined = await readSchema(db);
  expect(defined.functions).toEqual(migrated.functions);
  expect(defined.triggers).toEqual(migrated.triggers);
  await db.destroy();
});

it('the list has the function of every file', () => {
  const named = readdirSync(FOLDER)
    .map((file) => readFileSync(join(FOLDER, file), 'utf8'))
    .flatMap((text) => [...text.matchAll(/create or replace function (\w+)\(/g)].map(([, name]) => name));
  expect(FUNCTIONS.map((text) => /function (\w+)\(/.exec(text)?.[1]).toSorted()).toEqual(named.toSorted());
});
