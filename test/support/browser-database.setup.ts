import { makeTemplate, startQuickDatabase } from './databases/template.ts';

/** The template of every database of the browser tests. */
const TEMPLATE = 'e2e_template';

/**
 * Starts one PostgreSQL for all browser tests, unless TEST_DATABASE_URL names one. Makes the
 * template of their databases. The tests find both in the environment.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const given = process.env['TEST_DATABASE_URL'];
  const server = given ? { url: given, stop: async () => {} } : await startQuickDatabase();
  await makeTemplate(server.url, TEMPLATE);
  process.env['TEST_DATABASE_URL'] = server.url;
  process.env['TEST_DATABASE_TEMPLATE'] = TEMPLATE;
  return () => server.stop();
}
