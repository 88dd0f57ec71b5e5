import { environments, type Environment } from '../../environments.ts';
import { certificateOf } from '../certificate.ts';
import { Problem } from '../problem.ts';
import type { Check } from '../step.ts';
import { storedSecrets } from '../stored.ts';

/** PostgreSQL 15, in the form of `server_version_num`. */
const OLDEST = 150_000;
const production: Environment = environments.production;

/** @throws Problem if the stack would refuse the string, or the app could not live with it */
function requireShape(text: string): void {
  const url = URL.parse(text);
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || url.username === '' || url.password === '')
    throw new Problem(
      'DATABASE_URL is no connection string: copy that of the session pooler, and percent-encode special characters of the password.',
    );
  if (/^db\..*\.supabase\.co$/.test(url.hostname))
    throw new Problem(
      'DATABASE_URL is the direct string, whose host has only an IPv6 address: take that of the session pooler.',
    );
  if (url.port === '6543')
    throw new Problem(
      'DATABASE_URL is that of the transaction pooler: take that of the session pooler, port 5432.',
    );
  if (production.unverifiedDatabase === undefined && url.searchParams.get('sslmode') !== 'verify-full')
    throw new Problem(
      'DATABASE_URL does not ask for TLS with a verified certificate: append ?sslmode=verify-full.',
    );
}

/** The database: reachable with TLS, and new enough. */
export const database: Check = {
  title: 'Database',
  async run(on) {
    if (
      on.answers.given('DATABASE_URL') === null &&
      (await storedSecrets(on, 'production')).has('DATABASE_URL')
    )
      return 'GitHub has its string already; it was tried before that';
    const url = await on.answers.get('DATABASE_URL');
    requireShape(url);
    const ca = certificateOf(await on.answers.get('DATABASE_CA'), on.files);
    let version: number;
    try {
      version = await on.databaseVersion(url, ca);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Problem(
        `The database does not answer (${reason}): compare DATABASE_URL and DATABASE_CA with the dashboard, and see that the project is not paused.`,
        { cause: error },
      );
    }
    const major = Math.floor(version / 10_000);
    if (version < OLDEST) throw new Problem(`The database is PostgreSQL ${major}: update it to 15 or newer.`);
    return `PostgreSQL ${major}, over TLS`;
  },
};
