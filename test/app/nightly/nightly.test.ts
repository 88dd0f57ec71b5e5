import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEPT } from '../../../app/backup/backup-store.ts';
import { environments } from '../../../stacks/environments.ts';
import { createTestApp, type TestApp } from '../../support/servers/app.ts';

const SECRET = 'n'.repeat(40);
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ JWT_SECRET: SECRET });
});
afterAll(() => app[Symbol.asyncDispose]());

const waiting = async () => {
  const { rows } = await sql<{ name: string }>`
    select name from pgboss.job where state <= 'active' order by name`.execute(app.deps.db);
  return rows.map(({ name }) => name);
};

const wake = (token?: string) =>
  app.visitor().request('/api/nightly', {
    method: 'POST',
    ...(token !== undefined && { headers: { 'x-nightly-token': token } }),
  });

describe('the nightly trigger', () => {
  it('starts nothing without its token', async () => {
    expect((await wake()).status).toBe(401);
    expect((await wake(SECRET)).status).toBe(401);
    expect(await waiting()).toEqual([]);
  });

  it('starts the backup and the cleanup by the token of the stack', async () => {
    const token = createHash('sha256').update(`${SECRET} nightly`).digest('hex');
    expect((await wake(token)).status).toBe(204);
    expect(await waiting()).toEqual(['backup.nightly', 'media.housekeeping']);
  });
});

it('keeps as many backups in a folder as the bucket of production keeps days of them', () => {
  const { daily, weekly, monthly } = environments.production.backupDays;
  expect({ daily, weekly: weekly / 7, monthly: Math.floor(monthly / 30.5) }).toEqual(KEPT);
});
