import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { createLogger } from '../logger.ts';
import { startEmbeddedDatabase, type EmbeddedDatabase } from './embedded.ts';
import { migrateToLatest } from './migrate.ts';

/**
 * Writes `schema.gen.ts` from a migrated database, so that row types cannot drift from the
 * migrations. `node app/db/generate.ts` writes the file; `--check` fails if the committed file is
 * out of date.
 */
const run = promisify(execFile);
const OUT_FILE = join(import.meta.dirname, 'schema.gen.ts');

async function generate(check: boolean): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'meemikansio-types-'));
  let server: EmbeddedDatabase | undefined;
  try {
    server = await startEmbeddedDatabase(directory, createLogger('warn', false), { fsync: 'off' });
    const db = new Kysely<unknown>({
      dialect: new PostgresDialect({ pool: new Pool({ connectionString: server.url }) }),
    });
    await migrateToLatest(db);
    await db.destroy();
    await run('kysely-codegen', [
      '--dialect=postgres',
      `--url=${server.url}`,
      `--out-file=${OUT_FILE}`,
      '--default-schema=public',
      '--exclude-pattern=*.kysely_*',
      // `db/client.ts` parses these types the same way.
      '--type-mapping={"int8":"number"}',
      ...(check ? ['--verify'] : []),
    ]);
  } finally {
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

const check = process.argv.includes('--check');
try {
  await generate(check);
} catch (error) {
  process.stderr.write(
    check ? 'app/db/schema.gen.ts is not what the migrations make: run node app/db/generate.ts\n' : '',
  );
  throw error;
}
