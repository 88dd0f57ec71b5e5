import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { connect } from '../../../app/db/client.ts';
import { logMediaChanges, mediaChangeTriggers } from '../../../app/events/sql/log-media-changes.ts';
import { collectedTriggers, searchCollectedChanged } from '../../../app/collections/sql/collected-changed.ts';
import { favouriteTriggers } from '../../../app/favourites/sql/favourite-triggers.ts';
import { createLogger } from '../../../app/logger.ts';
import { FUNCTIONS as SEARCH_FUNCTIONS, TRIGGERS as SEARCH_TRIGGERS } from '../../../app/search/sql/index.ts';
import { countShareOpens, countShares, shareCountTriggers } from '../../../app/shares/sql/share-counts.ts';
import { searchSortedLookup } from '../../../app/search/sql/sorted-lookup.ts';
import { searchSortedScan } from '../../../app/search/sql/sorted-scan.ts';
import { sharePage } from '../../../app/shares/sql/share-page.ts';
import { sharedCollection } from '../../../app/shares/sql/shared-collection.ts';
import { createTestDatabase } from '../../support/databases/database.ts';
import { readSchema } from '../../support/databases/schema.ts';

/** The current definitions: those in the `sql` folder of each feature. */
const FUNCTIONS = [
  ...SEARCH_FUNCTIONS,
  searchSortedScan,
  searchSortedLookup,
  searchCollectedChanged,
  logMediaChanges,
  sharePage,
  sharedCollection,
  countShares,
  countShareOpens,
];
const TRIGGERS = [
  ...SEARCH_TRIGGERS,
  ...mediaChangeTriggers,
  ...shareCountTriggers,
  ...favouriteTriggers,
  ...collectedTriggers,
];

const FEATURES = join(import.meta.dirname, '../../../app');
const nameOf = (text: string) => /function (?:public\.)?(\w+)\(/i.exec(text)?.[1] ?? '';
/** Line breaks and indentation do not count. */
const words = (texts: readonly string[]) => texts.map((text) => text.replace(/\s+/g, ' ').trim()).toSorted();

it('the sql folders have every function and trigger of a migrated database, as it is there', async () => {
  await using database = await createTestDatabase();
  const db = connect(database.url, createLogger('silent', false), 1);
  const migrated = await readSchema(db);
  expect(migrated.functions.map(nameOf).toSorted()).toEqual(FUNCTIONS.map(nameOf).toSorted());
  expect(migrated.triggers).toHaveLength(TRIGGERS.length);
  // Drops them all and makes them anew from the folders. Functions take their triggers along.
  for (const text of FUNCTIONS) await sql`drop function ${sql.ref(nameOf(text))} cascade`.execute(db);
  expect((await readSchema(db)).functions).toEqual([]);
  for (const text of [...FUNCTIONS, ...TRIGGERS]) await sql.raw(text).execute(db);
  const defined = await readSchema(db);
  expect(words(defined.functions)).toEqual(words(migrated.functions));
  expect(words(defined.triggers)).toEqual(words(migrated.triggers));
  await db.destroy();
});

it('the lists have the function of every file', () => {
  const named = globSync('**/sql/*.ts', { cwd: FEATURES })
    .map((file) => readFileSync(join(FEATURES, file), 'utf8'))
    .flatMap((text) => [...text.matchAll(/create or replace function (\w+)\(/g)].map(([, name]) => name));
  expect(FUNCTIONS.map(nameOf).toSorted()).toEqual(named.toSorted());
});
