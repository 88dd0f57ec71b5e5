import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import type { TestProject } from 'vitest/node';
import { startEmbeddedDatabase } from '../../app/db/embedded.ts';
import { migrateToLatest } from '../../app/db/migrate.ts';
import { createLogger } from '../../app/logger.ts';

/** The template of every test database. */
const TEMPLATE = 'test_template';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser URL of the test server, on its maintenance database. */
    databaseServer: string;
    templateDatabase: string;
  }
}

/**
 * Starts one real PostgreSQL for the run, without durability. TEST_DATABASE_URL names another
 * server to use, as its superuser. On it, makes a template that has every migration and the job
 * schema.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) {
    await makeTemplate(given);
    project.provide('databaseServer', given);
    project.provide('templateDatabase', TEMPLATE);
    return async () => {};
  }
  const directory = await mkdtemp(join(tmpdir(), 'meemikansio-test-db-'));
  const server = await startEmbeddedDatabase(directory, createLogger('warn', false), {
    fsync: 'off',
    full_page_writes: 'off',
    max_connections: '200',
  });
  await makeTemplate(server.url);
  project.provide('databaseServer', server.url);
  project.provide('templateDatabase', TEMPLATE);
  return async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
}

async function makeTemplate(serverUrl: string): Promise<void> {
  const server = new Kysely({
    dialect: new PostgresDialect({ pool: new Pool({ connectionString: serverUrl }) }),
  });
  await sql`drop database if exists ${sql.ref(TEMPLATE)}`.execute(server);
  await sql`create database ${sql.ref(TEMPLATE)}`.execute(server);
  await server.destroy();

  const url = new URL(serverUrl);
  url.pathname = TEMPLATE;
  const template = new Kysely({
    dialect: new PostgresDialect({ pool: new Pool({ connectionString: url.href }) }),
  });
  await migrateToLatest(template);
  await template.destroy();
  const boss = new PgBoss({ connectionString: url.href, supervise: false, schedule: false });
  await boss.start();
  await boss.stop({ graceful: false });
}
