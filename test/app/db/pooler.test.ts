import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { databaseAddress } from '../../../app/db/connection-string.ts';
import { connect, type Database } from '../../../app/db/client.ts';
import { canListen } from '../../../app/db/check-listening.ts';
import { migrateToLatest } from '../../../app/db/migrate.ts';
import { createJobQueue, defineJob, handleJob } from '../../../app/jobs/queue.ts';
import { createLogger } from '../../../app/logger.ts';
import { migrations } from '../../../migrations/index.ts';
import { databaseVersion } from '../../../stacks/deploy/database-version.ts';
import {
  createEmptyDatabase,
  createTestDatabase,
  type TestDatabase,
} from '../../support/databases/database.ts';
import { missingPgBouncer, startPgBouncer, type PgBouncer } from '../../support/databases/pgbouncer.ts';

const logger = createLogger('silent', false);
const missing = missingPgBouncer();
const because = missing === undefined ? '' : `: ${missing}`;
const greet = defineJob({
  name: 'test.greet',
  payload: z.object({ name: z.string() }),
  retryLimit: 1,
  retryDelay: 1,
  expireInSeconds: 10,
  concurrency: 1,
});

describe.skipIf(missing !== undefined)(`behind PgBouncer${because}`, () => {
  describe.each(['session', 'transaction'] as const)('in %s mode', (mode) => {
    let database: TestDatabase;
    let pooler: PgBouncer;
    let db: Database;
    beforeEach(async () => {
      database = await createTestDatabase();
      pooler = await startPgBouncer(database.url, mode);
      db = connect(pooler.url, logger, 4);
    });
    afterEach(async () => {
      await db.destroy();
      await pooler[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    });

    it('several processes that start at once apply each migration once', async () => {
      await using empty = await createEmptyDatabase();
      await using between = await startPgBouncer(empty.url, mode);
      const processes = Array.from({ length: 6 }, () => connect(between.url, logger, 2));
      const ended = await Promise.allSettled(processes.map((each) => migrateToLatest(each)));
      await Promise.all(processes.map((each) => each.destroy()));
      expect(ended.filter(({ status }) => status === 'rejected')).toEqual([]);
      expect(ended.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))).toEqual(
        Object.keys(migrations),
      );
    });

    it('knows whether notifications arrive', async () => {
      expect(await canListen(databaseAddress(pooler.url))).toBe(mode === 'session');
    });

    it('does jobs, told or by polling, and forgets those rolled back', async () => {
      const queue = createJobQueue(pooler.url, [greet], logger);
      await queue.start();
      const seen: string[] = [];
      await queue.work([handleJob(greet, async ({ name }) => void seen.push(name))]);
      const undone = db.transaction().execute(async (trx) => {
        await queue.enqueue(trx, greet, { name: 'nobody' });
        throw new Error('rolled back');
      });
      await expect(undone).rejects.toThrow('rolled back');
      await db.transaction().execute((trx) => queue.enqueue(trx, greet, { name: 'Aino' }));
      await expect.poll(() => seen).toEqual(['Aino']);
      await queue.stop(2000);
    });

    it('prepares no statement by name', async () => {
      const names = (number: number) =>
        sql<{
          count: number;
        }>`select count(*) as count from pg_prepared_statements where ${number} > 0`.execute(db);
      const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => names(i + 1)));
      expect(answers.every(({ rows }) => rows[0]?.count === 0)).toBe(true);
    });

    it('ends a statement that takes too long', async () => {
      const { rows } = await sql<{ statement_timeout: string }>`show statement_timeout`.execute(db);
      expect(rows).toEqual([{ statement_timeout: '30s' }]);
    });
  });

  describe('with TLS', () => {
    const query = async (url: string, ca?: string) => {
      const db = connect(url, logger, 1, ca);
      try {
        const { rows } = await sql<{ one: number }>`select 1 as one`.execute(db);
        return rows[0]?.one;
      } finally {
        await db.destroy();
      }
    };
    const at = (url: string, hostname: string, parameters: Record<string, string>) => {
      const address = Object.assign(new URL(url), { hostname });
      for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
      return address.href;
    };

    it('encrypts and checks as far as sslmode says', async () => {
      await using database = await createTestDatabase();
      await using pooler = await startPgBouncer(database.url, 'session', { tls: true });
      const { url, ca, caPath } = pooler;
      await using stranger = await startPgBouncer(database.url, 'session', { tls: true });

      await expect(query(url)).rejects.toThrow(/SSL required/);
      await expect(query(at(url, 'localhost', { sslmode: 'disable' }))).rejects.toThrow(/SSL required/);
      expect(await query(at(url, '127.0.0.1', { sslmode: 'require' }))).toBe(1);
      expect(await query(at(url, '127.0.0.1', { sslmode: 'require' }), ca)).toBe(1);
      await expect(query(at(url, '127.0.0.1', { sslmode: 'require' }), stranger.ca)).rejects.toThrow();
      await expect(query(at(url, 'localhost', { sslmode: 'verify-full' }))).rejects.toThrow(
        /certificate|issuer/,
      );
      for (const given of [ca, Buffer.from(ca).toString('base64'), caPath])
        expect(await query(at(url, 'localhost', { sslmode: 'verify-full' }), given)).toBe(1);
      expect(await query(at(url, 'localhost', { sslmode: 'verify-full', sslrootcert: caPath }))).toBe(1);
      await expect(query(at(url, '127.0.0.1', { sslmode: 'verify-full' }), ca)).rejects.toThrow(/altnames/);
      expect(await query(at(url, '127.0.0.1', { sslmode: 'verify-ca' }), ca)).toBe(1);

      const queue = createJobQueue(at(url, 'localhost', { sslmode: 'verify-full' }), [greet], logger, { ca });
      await queue.start();
      await queue.stop(1000);
    });

    it('tells the deployment its version, if its certificate is verified', async () => {
      await using database = await createTestDatabase();
      await using pooler = await startPgBouncer(database.url, 'session', { tls: true });
      await using stranger = await startPgBouncer(database.url, 'session', { tls: true });
      const verified = at(pooler.url, 'localhost', { sslmode: 'verify-full' });
      const ca = (text: string) => Buffer.from(text).toString('base64');
      expect(await databaseVersion(verified, ca(pooler.ca))).toBeGreaterThanOrEqual(150_000);
      for (const other of [ca(stranger.ca), 'system'])
        await expect(databaseVersion(verified, other)).rejects.toThrow(/certificate|issuer/);
      const elsewhere = at(pooler.url, '127.0.0.1', { sslmode: 'verify-full' });
      await expect(databaseVersion(elsewhere, ca(pooler.ca))).rejects.toThrow(/altnames/);
    });

    it('says what is wrong with an address', () => {
      expect(() => databaseAddress('postgres://x/y?sslmode=prefer')).toThrow(
        /sslmode=prefer.*is not supported/,
      );
      expect(() => databaseAddress('postgres://x/y', '/no/such/file')).toThrow(/neither a PEM/);
    });
  });
});
