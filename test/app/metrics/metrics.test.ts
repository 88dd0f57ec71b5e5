import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inTransaction } from '../../../app/db/transaction.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { housekeepingJob, resumeTextJob } from '../../../app/media/media.jobs.ts';
import { picture } from '../../support/media/pictures.ts';
import { createTestApp, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { parseExposition, sumOf } from '../../support/servers/exposition.ts';
import { sample, schema } from '../../support/servers/samples.ts';
import { addressOf } from '../../support/servers/things.ts';

const METRICS_TOKEN = 'm'.repeat(40);
const MAX_SERIES = 200;

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ METRICS_TOKEN, OCR: 'off' });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

const ask = (from: TestApp, token?: string) =>
  from.visitor().request('/api/metrics', {
    ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
  });
const scrape = async (from = app) => parseExposition(await (await ask(from, METRICS_TOKEN)).text());

describe('/api/metrics', () => {
  it('does not exist without METRICS_TOKEN', async () => {
    await using unmeasured = await createTestApp();
    expect((await ask(unmeasured)).status).toBe(404);
    expect((await ask(unmeasured, METRICS_TOKEN)).status).toBe(404);
  });

  it('answers only the token', async () => {
    expect((await ask(app)).status).toBe(401);
    expect((await ask(app, `${METRICS_TOKEN}m`)).status).toBe(401);
    expect((await aino.request('/api/metrics')).status).toBe(401);
    const answer = await ask(app, METRICS_TOKEN);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('counts requests by pattern, method and class of status, and never by address', async () => {
    const secret = `Xx3${randomUUID()}`;
    const labels = { method: 'GET', route: '/api/media/:id', status: '4xx' };
    const before = sumOf(await scrape(), 'meemikansio_http_requests_total', labels);
    await aino.request(`/api/media/${randomUUID()}`);
    await app.visitor().request(`/api/media/${randomUUID()}`);
    await app.visitor().request(`/s/${secret}`);
    await app.visitor().request(`/join/${secret}`);
    await app.visitor().request(`/api/${secret}`);
    await app.fetch(new Request(`http://meemikansio.test/${secret}`, { method: 'PROPFIND' }));
    const answer = await (await ask(app, METRICS_TOKEN)).text();
    expect(answer).not.toContain(secret);
    expect(answer).not.toContain('PROPFIND');
    const series = parseExposition(answer);
    expect(sumOf(series, 'meemikansio_http_requests_total', labels)).toBe(before + 2);
    expect(sumOf(series, 'meemikansio_http_request_seconds_total', labels)).toBeGreaterThan(0);
    expect(sumOf(series, 'meemikansio_http_requests_total', { route: '/s/:code', status: '4xx' })).toBe(1);
    expect(sumOf(series, 'meemikansio_http_requests_total', { route: '/api/*', status: '4xx' })).toBe(1);
    expect(sumOf(series, 'meemikansio_http_requests_total', { route: '/*', status: '2xx' })).toBe(1);
    expect(sumOf(series, 'meemikansio_http_request_duration_seconds_count')).toBe(
      sumOf(series, 'meemikansio_http_requests_total'),
    );
  });

  it('tells the jobs by state, and how long the oldest has waited', async () => {
    await using fresh = await createTestApp({ METRICS_TOKEN, OCR: 'off' });
    const idle = await scrape(fresh);
    expect(sumOf(idle, 'meemikansio_jobs_oldest_seconds')).toBe(0);
    expect(
      idle.filter(({ name }) => name === 'meemikansio_jobs').map(({ labels }) => labels['state']),
    ).toEqual(['ready', 'delayed', 'active', 'failed']);
    await inTransaction(fresh.deps.db, async (trx) => {
      await fresh.deps.jobs.enqueue(trx, housekeepingJob, {});
      await fresh.deps.jobs.enqueue(trx, resumeTextJob, {}, 3600);
    });
    await expect
      .poll(async () => sumOf(await scrape(fresh), 'meemikansio_jobs_oldest_seconds', { state: 'ready' }))
      .toBeGreaterThan(0);
    // pg-boss counts every few seconds.
    await expect
      .poll(async () => {
        const series = await scrape(fresh);
        return ['ready', 'delayed'].map((state) => sumOf(series, 'meemikansio_jobs', { state }));
      })
      .toEqual([1, 1]);
  });

  it('tells the size of the library, and the state of process and pool', async () => {
    const file = await picture();
    const before = await scrape();
    const item = mediaItem.parse(await (await aino.upload(file, 'a.png')).json());
    const after = await scrape();
    const grown = (name: string) => sumOf(after, name) - sumOf(before, name);
    expect(grown('meemikansio_items')).toBe(1);
    expect(grown('meemikansio_originals_bytes')).toBe(item.byteSize);
    expect(sumOf(after, 'meemikansio_database_up')).toBe(1);
    expect(sumOf(after, 'meemikansio_database_connections')).toBeGreaterThan(0);
    expect(sumOf(after, 'meemikansio_database_connections_max')).toBe(10);
    expect(sumOf(after, 'meemikansio_memory_bytes', { kind: 'rss' })).toBeGreaterThan(1e7);
    expect(sumOf(after, 'meemikansio_cpu_seconds')).toBeGreaterThan(0);
    expect(sumOf(after, 'meemikansio_event_loop_delay_seconds', { stat: 'max' })).toBeGreaterThan(0);
    expect(sumOf(after, 'meemikansio_build_info', { revision: 'development' })).toBe(1);
  });

  it('answers without the database, and says so', async () => {
    await using broken = await createTestApp({ METRICS_TOKEN });
    expect(sumOf(await scrape(broken), 'meemikansio_database_up')).toBe(1);
    await broken.deps.db.destroy();
    const series = await scrape(broken);
    expect(sumOf(series, 'meemikansio_database_up')).toBe(0);
    expect(sumOf(series, 'meemikansio_items')).toBeNaN();
    expect(series.some(({ name }) => name === 'meemikansio_jobs')).toBe(false);
    expect(sumOf(series, 'meemikansio_memory_bytes')).toBeGreaterThan(0);
  });

  it('has at most 200 series after a call of every route by everybody', async () => {
    await using fresh = await createTestApp({ METRICS_TOKEN, OCR: 'off' });
    await fresh.member(await fresh.admin(), 'member');
    let calls = 0;
    for (const { method, path, requestBody } of await fresh.operations()) {
      const json = requestBody?.content['application/json']?.schema;
      const body = json && sample(schema.parse(json), randomUUID());
      // Signed in anew: some calls end sessions.
      const admin = fresh.visitor();
      await admin.send('POST', '/api/auth/login', { username: 'Aino', password: PASSWORD });
      const address = await addressOf(path, admin, admin);
      for (const visitor of [fresh.visitor(), admin]) {
        const answer = await visitor.send(method, address, body);
        await answer.body?.cancel();
        calls++;
      }
    }
    const series = await scrape(fresh);
    expect(series.length).toBeLessThanOrEqual(MAX_SERIES);
    expect(sumOf(series, 'meemikansio_http_requests_total')).toBeGreaterThan(calls);
    expect(new Set(series.map(({ labels }) => labels['route'])).size).toBeGreaterThan(40);
  });
});
