import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';
import { STEPS, type Step } from '../../../migrations/before-baseline/steps.ts';
import { createEmptyDatabase, type TestDatabase } from './database.ts';

const FOLDER = join(import.meta.dirname, '../../app/db/before-baseline');

/** Restores the dump of a database at one of the steps before the baseline. */
export async function restoreStep(url: string, step: Step): Promise<void> {
  const dump = gunzipSync(await readFile(join(FOLDER, `${step}.sql.gz`))).toString();
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // As pg_dump does: functions come before their tables.
    await client.query(`set check_function_bodies = off; ${dump}`);
  } finally {
    await client.end();
  }
}

/** Makes a database at one of the steps before the baseline, with rows of every step up to it. */
export async function createFormerDatabase(step: Step): Promise<TestDatabase> {
  const database = await createEmptyDatabase();
  await restoreStep(database.url, step);
  return database;
}

/** The last step of the first release. */
export const FIRST_RELEASE: Step = '2026-11-24T0400-prefix-estimate';

/** The last step before the baseline. */
export const LAST_STEP: Step = STEPS[STEPS.length - 1] ?? '2026-11-30T0035-failure-codes';
