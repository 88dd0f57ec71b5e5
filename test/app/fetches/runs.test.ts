import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAX_OPEN_FETCHES, MAX_RUNNING_FETCHES } from '../../../app/fetches/fetches.limits.ts';
import type { FetchItem } from '../../../app/fetches/fetches.schema.ts';
import { giveUpFetch, runFetch } from '../../../app/fetches/run-fetch.service.ts';
import { createReceiveBudget } from '../../../app/http/receive-budget.ts';
import type { JobContext } from '../../../app/jobs/queue.ts';
import { createLogger } from '../../../app/logger.ts';
import { outcome } from '../../support/errors.ts';
import { picture } from '../../support/media/pictures.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import {
  expectNothingLeft,
  fetchesOf,
  fetchOf,
  itemsOf,
  startFetch,
} from '../../support/servers/fetching.ts';
import { createOrigin, sends, type Origin } from '../../support/servers/origin.ts';

// Nothing works here by itself: the tests run the jobs.

const logger = createLogger('silent', false);
let app: TestApp;
let origin: Origin;
let aino: Visitor;
let user: Visitor;
beforeAll(async () => {
  origin = await createOrigin();
  app = await createTestApp({ OCR: 'off', MAX_UPLOAD_MB: '3' }, (deps) => {
    deps.network = origin.network;
  });
  aino = await app.admin();
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await origin[Symbol.asyncDispose]();
});
beforeEach(async () => {
  origin.answers.clear();
  origin.requests.length = 0;
  user = await app.member(aino, `user-${randomUUID().slice(0, 8)}`);
});

const bytes = async () => Buffer.from(await (await picture()).arrayBuffer());
const context = (more: Partial<JobContext> = {}): JobContext => ({
  signal: new AbortController().signal,
  lastTry: false,
  logger,
  ...more,
});

/** Returns the run of a fetch as its job has it; `null` while it waits for its turn. */
async function runOf(id: string) {
  const row = await app.deps.db
    .selectFrom('fetches')
    .select(['job_token', 'user_id'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  return row.job_token === null ? null : { id, token: row.job_token, userId: row.user_id };
}

async function requireRun(id: string) {
  const run = await runOf(id);
  if (!run) throw new Error('The fetch waits.');
  return run;
}

const stateOf = async (id: string) => (await fetchOf(user, id)).state;

describe('a run', () => {
  it('that the process left in the middle begins again', async () => {
    const file = await bytes();
    const stopping = new AbortController();
    origin.answers.set('a.example/a.png', (response) => {
      response
        .writeHead(200)
        .write(file.subarray(0, 500), () => stopping.abort(new Error('The process stops.')));
    });
    const { id } = await startFetch(user, 'http://a.example/a.png');
    const run = await requireRun(id);
    await expect(runFetch(app.deps, run, context({ signal: stopping.signal }))).rejects.toThrow();
    expect(await stateOf(id)).toBe('fetching');
    await expectNothingLeft(app, origin);

    origin.answers.set('a.example/a.png', sends(file, 'image/png'));
    await runFetch(app.deps, run, context());
    expect(await fetchOf(user, id)).toMatchObject({ state: 'done', receivedSize: file.length });
  });

  it('is done once, however often its job comes', async () => {
    origin.answers.set('a.example/a.png', sends(await bytes(), 'image/png'));
    const { id } = await startFetch(user, 'http://a.example/a.png');
    const run = await requireRun(id);
    await Promise.all([runFetch(app.deps, run, context()), runFetch(app.deps, run, context())]);
    await runFetch(app.deps, run, context());
    await giveUpFetch(app.deps, run);
    const { state, itemId } = await fetchOf(user, id);
    expect(state).toBe('done');
    const items = (await itemsOf(user)).filter((item) => item.originalName === 'a.png');
    expect(items.filter((item) => item.id === itemId)).toHaveLength(1);
    expect(origin.requests.length).toBeLessThanOrEqual(2);
  });

  it('of another token does nothing', async () => {
    const { id } = await startFetch(user, 'http://a.example/a.png');
    const run = await requireRun(id);
    await runFetch(app.deps, { ...run, token: randomUUID() }, context());
    expect(await stateOf(id)).toBe('queued');
    expect(origin.requests).toEqual([]);
  });

  it('ends told when its last try is lost', async () => {
    const { id } = await startFetch(user, 'http://a.example/a.png');
    await giveUpFetch(app.deps, await requireRun(id));
    expect(await fetchOf(user, id)).toMatchObject({ state: 'failed', failure: 'unavailable' });
  });

  it('is tried again after a failure of ours, and told after the last', async () => {
    origin.answers.set('a.example/a.png', sends(await bytes(), 'image/png'));
    const broken = { ...app.deps.uploads, add: () => Promise.reject(new Error('a fault of the test')) };
    const { id } = await startFetch(user, 'http://a.example/a.png');
    const run = await requireRun(id);
    const deps = { ...app.deps, uploads: broken };
    await expect(runFetch(deps, run, context())).rejects.toThrow('a fault of the test');
    expect(await stateOf(id)).toBe('storing');
    await runFetch(deps, run, context({ lastTry: true }));
    expect(await fetchOf(user, id)).toMatchObject({ state: 'failed', failure: 'internal' });
    await expectNothingLeft(app, origin);
  });

  it('that waits for room among other uploads is not called slow', async () => {
    const budget = createReceiveBudget({
      capacity: 3_000_000,
      contended: { windowMs: 60_000, minBytes: 1 },
    });
    using other = budget.open('somebody else', 3_000_000);
    await other.take(3_000_000);
    origin.answers.set('a.example/a.png', sends(await bytes(), 'image/png'));
    const { id } = await startFetch(user, 'http://a.example/a.png');
    const deps = { ...app.deps, upload: { ...app.deps.upload, budget } };
    const running = runFetch(deps, await requireRun(id), context({ lastTry: true }));
    await expect.poll(() => budget.usage().waiting).toBe(1);
    origin.endTime();
    await running;
    expect(await fetchOf(user, id)).toMatchObject({ state: 'failed', failure: 'unavailable' });
    expect(budget.usage()).toMatchObject({ shares: 1, waiting: 0 });
  });

  it('adds nothing for a user who was disabled meanwhile', async () => {
    origin.answers.set('a.example/a.png', sends(await bytes(), 'image/png'));
    const items = (await itemsOf(aino)).length;
    const before = await startFetch(user, 'http://a.example/a.png');
    const during = await startFetch(user, 'http://a.example/a.png');
    const runs = [await requireRun(before.id), await requireRun(during.id)] as const;
    const disable = (at: Date | null) =>
      app.deps.db.updateTable('users').set({ disabled_at: at }).where('id', '=', runs[0].userId).execute();
    await disable(new Date());
    await runFetch(app.deps, runs[0], context());
    await disable(null);
    const add: typeof app.deps.uploads.add = async (upload) => {
      await disable(new Date());
      return app.deps.uploads.add(upload);
    };
    await runFetch({ ...app.deps, uploads: { ...app.deps.uploads, add } }, runs[1], context());
    const rows = await app.deps.db
      .selectFrom('fetches')
      .select(['state', 'failure'])
      .where('user_id', '=', runs[0].userId)
      .execute();
    expect(rows).toEqual([
      { state: 'failed', failure: 'not_allowed' },
      { state: 'failed', failure: 'not_allowed' },
    ]);
    expect((await itemsOf(aino)).length).toBe(items);
    expect((await app.files()).filter((name) => name.startsWith('tmp'))).toEqual([]);
  });

  it('fetches nothing after FETCH_URLS was turned off', async () => {
    const { id } = await startFetch(user, 'http://a.example/a.png');
    await runFetch({ ...app.deps, fetches: { enabled: false } }, await requireRun(id), context());
    expect(await fetchOf(user, id)).toMatchObject({ state: 'failed', failure: 'fetch_off' });
    expect(origin.requests).toEqual([]);
  });
});

describe('the fetches of one user', () => {
  it('run a few at once, in their order, and others wait for nobody else', async () => {
    const fetches: FetchItem[] = [];
    for (let n = 0; n < 5; n += 1) fetches.push(await startFetch(user, `http://a.example/${n}.png`));
    const runs = async () => Promise.all(fetches.map(({ id }) => runOf(id)));
    const running = async () => (await runs()).map((run) => run !== null);
    expect(MAX_RUNNING_FETCHES).toBe(2);
    expect(await running()).toEqual([true, true, false, false, false]);
    const other = await app.member(aino, `other-${randomUUID().slice(0, 8)}`);
    expect(await runOf((await startFetch(other, 'http://a.example/x.png')).id)).not.toBeNull();

    // An end of any kind lets the next begin.
    const [first, second, third] = fetches.map(({ id }) => id);
    await runFetch(app.deps, await requireRun(first ?? ''), context());
    expect(await running()).toEqual([true, true, true, false, false]);
    await giveUpFetch(app.deps, await requireRun(second ?? ''));
    expect(await running()).toEqual([true, true, true, true, false]);
    expect((await user.send('DELETE', `/api/media/from-url/${third}`)).status).toBe(204);
    fetches.splice(2, 1);
    expect(await running()).toEqual([true, true, true, true]);
  });

  it('are a limited number, of which ended ones do not count', async () => {
    const ids: string[] = [];
    for (let n = 0; n < MAX_OPEN_FETCHES; n += 1)
      ids.push((await startFetch(user, `http://a.example/${n}.png`)).id);
    const more = () => user.send('POST', '/api/media/from-url', { url: 'http://a.example/more.png' });
    const refused = await more();
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await outcome(refused)).toBe('429 too_many_fetches');
    await giveUpFetch(app.deps, await requireRun(ids[0] ?? ''));
    expect((await more()).status).toBe(202);
  });

  it('are never more than the limit, however many are asked for at the same moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: MAX_OPEN_FETCHES + 10 }, (_, n) =>
        user.send('POST', '/api/media/from-url', { url: `http://a.example/${n}.png` }),
      ),
    );
    const accepted = answers.filter(({ status }) => status === 202).length;
    expect(accepted).toBe(MAX_OPEN_FETCHES);
    const runs = await Promise.all((await fetchesOf(user)).map(({ id }) => runOf(id)));
    expect(runs.filter((run) => run !== null)).toHaveLength(MAX_RUNNING_FETCHES);
  });

  it('are forgotten after a day', async () => {
    const { id } = await startFetch(user, 'http://a.example/a.png');
    await app.deps.db
      .updateTable('fetches')
      .set({ created_at: sql`now() - interval '25 hours'` })
      .where('id', '=', id)
      .execute();
    expect(await fetchesOf(user)).toEqual([]);
    const next = await startFetch(user, 'http://a.example/a.png');
    const rows = await app.deps.db
      .selectFrom('fetches')
      .select('id')
      .where('id', 'in', [id, next.id])
      .execute();
    expect(rows).toEqual([{ id: next.id }]);
  });
});
