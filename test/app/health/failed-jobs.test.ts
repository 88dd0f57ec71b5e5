import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { readiness } from '../../../app/health/health.schema.ts';
import { housekeepingJob, readTextJob } from '../../../app/media/media.jobs.ts';
import { inTransaction } from '../../../app/db/transaction.ts';
import { createTestApp } from '../../support/servers/app.ts';
import { randomUUID } from 'node:crypto';

it('/api/ready names the jobs that failed within a day, and stays ready', async () => {
  await using app = await createTestApp({ OCR: 'off' });
  const { db, jobs } = app.deps;
  const payload = () => ({ mediaId: randomUUID(), token: randomUUID() });
  await inTransaction(db, async (trx) => {
    await jobs.enqueue(trx, housekeepingJob, {});
    for (let n = 0; n < 3; n++) await jobs.enqueue(trx, readTextJob, payload());
  });
  await sql`update pgboss.job set state = 'failed', completed_on = now()`.execute(db);
  // One failure is older.
  await sql`
    update pgboss.job set completed_on = now() - interval '25 hours'
    where id = (select id from pgboss.job where name = ${readTextJob.name} limit 1)`.execute(db);
  const answer = await app.visitor().request('/api/ready');
  expect(answer.status).toBe(200);
  expect(readiness.parse(await answer.json()).jobs).toBe(
    `Jobs have failed within a day: 2 × ${readTextJob.name}, 1 × ${housekeepingJob.name}.`,
  );
});
