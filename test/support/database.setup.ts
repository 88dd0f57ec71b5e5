import type { TestProject } from 'vitest/node';
import { makeTemplate, startQuickDatabase } from './databases/template.ts';

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
    await makeTemplate(given, TEMPLATE);
    project.provide('databaseServer', given);
    project.provide('templateDatabase', TEMPLATE);
    return async () => {};
  }
  const server = await startQuickDatabase();
  await makeTemplate(server.url, TEMPLATE);
  project.provide('databaseServer', server.url);
  project.provide('templateDatabase', TEMPLATE);
  return () => server.stop();
}
