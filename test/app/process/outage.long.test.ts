import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startEmbeddedDatabase } from '../../../app/db/embedded.ts';
import { createLogger } from '../../../app/logger.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { register, type Person } from '../../support/servers/http.ts';
import { missingPgBouncer, startPgBouncer } from '../../support/databases/pgbouncer.ts';
import { animation, picture } from '../../support/media/pictures.ts';
import { createProxy, freePort } from '../../support/databases/proxy.ts';
import { startServer, type ServerProcess } from '../../support/servers/server.ts';

// The database disconnects under a running app and returns. Hosted databases do this for updates
// and failovers.

const logger = createLogger('silent', false);
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-outage-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Answer {
  at: number;
  request: string;
  status: number;
  retryAfter: string | null;
  body: string;
}

/** Sends requests as several users would, until stopped. Keeps every answer. */
function keepAsking(server: ServerProcess, { cookie }: Person) {
  const answers: Answer[] = [];
  const uploaded: string[] = [];
  const headers = { origin: server.url, cookie };
  const stopping = new AbortController();
  const ask = async (request: string, path: string, init: RequestInit = {}): Promise<Answer> => {
    const answer = { request, at: 0, status: 0, retryAfter: null as string | null, body: '' };
    try {
      const response = await fetch(server.url + path, {
        ...init,
        headers: new Headers([...new Headers(headers), ...new Headers(init.headers)]),
      });
      answer.status = response.status;
      answer.retryAfter = response.headers.get('retry-after');
      answer.body = await response.text();
    } catch (error) {
      // No answer: the process is dead.
      answer.body = String(error);
    }
    answer.at = performance.now();
    answers.push(answer);
    return answer;
  };
  const json = { 'content-type': 'application/json' };
  const deeds: (() => Promise<unknown>)[] = [
    () => ask('list', '/api/media?limit=5'),
    () => ask('search', '/api/media?q=kissa'),
    () => ask('me', '/api/auth/me'),
    () => ask('tags', '/api/tags'),
    () => ask('health', '/api/health'),
    () =>
      ask('login', '/api/auth/login', {
        method: 'POST',
        headers: json,
        body: '{"username":"nobody","password":"wrong password"}',
      }),
    async () => {
      const [first] = uploaded;
      if (first !== undefined)
        await ask('title', `/api/media/${first}`, {
          method: 'PATCH',
          headers: json,
          body: '{"title":"kissa"}',
        });
    },
    async () => {
      const body = new FormData();
      body.set('file', await picture('png', { width: 40, height: 30 }), 'meemi.png');
      const answer = await ask('upload', '/api/media', { method: 'POST', body });
      if (answer.status === 201) uploaded.push(mediaItem.parse(JSON.parse(answer.body)).id);
    },
  ];
  const friends = deeds.map(async (deed) => {
    while (!stopping.signal.aborted) {
      await deed();
      await sleep(60);
    }
  });
  return {
    answers,
    uploaded,
    async stop() {
      stopping.abort();
      await Promise.all(friends);
    },
  };
}

const GOOD = new Set([200, 201]);
/** The stranger's sign-in fails, and in the end hits the limit of failures. */
const isGood = ({ request, status }: Answer) =>
  GOOD.has(status) || (request === 'login' && (status === 401 || status === 429));

const poolerMissing = missingPgBouncer();
/** The app works again for a kind of request after so many good answers in a row. */
const WELL_AGAIN = 10;

async function expectOutage(way: 'stop' | 'kill', pooled: boolean): Promise<void> {
  let database = await startEmbeddedDatabase(join(folder, 'db'), logger);
  await using proxy = await createProxy(new URL(database.url));
  await proxy.open();
  const direct = Object.assign(new URL(database.url), { port: String(proxy.port) }).href;
  const pooler = pooled ? await startPgBouncer(direct, 'transaction') : null;
  const server = await startServer({
    dataDir: join(folder, 'data'),
    earlyPort: await freePort(),
    env: { DATABASE_URL: pooler?.url ?? direct, OCR: 'off', DATABASE_CONNECTIONS: '8' },
  });
  let asking: ReturnType<typeof keepAsking> | undefined;
  try {
    const aino = await register(server.url);
    const friends = (asking = keepAsking(server, aino));
    await expect.poll(() => friends.uploaded.length).toBeGreaterThan(2);
    // Jobs queued just before the outage.
    const animations = [];
    for (let i = 0; i < 3; i++) animations.push((await aino.upload(await animation(), 'liike.gif')).id);

    const gone = performance.now();
    await proxy.close();
    if (way === 'stop') await database.stop();
    else {
      const pid = (await readFile(join(folder, 'db/cluster/postmaster.pid'), 'utf8')).split('\n')[0];
      process.kill(Number(pid), 'SIGKILL');
    }
    const answeredSince = (moment: number, request: string) =>
      friends.answers.filter((answer) => answer.request === request && answer.at > moment);
    const kinds = new Set(friends.answers.map(({ request }) => request));
    // A pooler may hold requests for as long as the database is away.
    const awaited = pooled ? ['health'] : [...kinds];
    await expect.poll(() => awaited.filter((kind) => answeredSince(gone, kind).length === 0)).toEqual([]);
    await expect.poll(() => friends.answers.some((answer) => !isGood(answer))).toBe(true);
    database = await startEmbeddedDatabase(join(folder, 'db'), logger);
    await proxy.open(new URL(database.url));
    const back = performance.now();

    // Soon everything works again for every user.
    const lastBad = () => friends.answers.findLast((answer) => !isGood(answer))?.at ?? gone;
    // A pending request is no failure: a pooler may hold all of them until it retries the server.
    const isWellAgain = (kind: string) => {
      const last = answeredSince(back, kind).slice(-WELL_AGAIN);
      return last.length === WELL_AGAIN && last.every(isGood);
    };
    await expect.poll(() => [...kinds].filter((kind) => !isWellAgain(kind))).toEqual([]);
    const inTheGap = friends.answers.filter(({ at }) => at > gone && at < back);
    const unwell = friends.answers.filter((answer) => !isGood(answer));
    const count = Object.entries(Object.groupBy(unwell, ({ status }) => String(status))).map(
      ([status, some]) => `${some?.length} × ${status}`,
    );
    process.stdout.write(
      `${way}${pooled ? ' behind PgBouncer' : ''}: ${friends.answers.length} answers, not good: ${count.join(', ')}; last ${Math.round(lastBad() - back)} ms after it was back\n`,
    );
    expect(unwell.filter(({ status }) => status !== 503)).toEqual([]);
    expect(unwell.filter(({ retryAfter }) => !/^\d+$/.test(retryAfter ?? ''))).toEqual([]);
    expect(unwell.length).toBeGreaterThan(0);
    expect(inTheGap.filter(({ request }) => request === 'health').every(isGood)).toBe(true);
    expect(kinds.size).toBe(8);

    // Earlier and new jobs have run, and no accepted item is lost.
    animations.push((await aino.upload(await animation(), 'liike.gif')).id);
    for (const id of animations) await expect.poll(async () => (await aino.item(id)).state).toBe('ready');
    await friends.stop();
    for (const id of friends.uploaded) expect((await aino.item(id)).id).toBe(id);
    expect(await server.stop()).toBe(0);
  } catch (error) {
    const failures = server
      .output()
      .split('\n')
      .filter((line) => /"code":"internal"|^[^{]/.test(line));
    process.stdout.write(`${failures.slice(0, 20).join('\n')}\n`);
    throw error;
  } finally {
    await asking?.stop();
    await server.stop();
    await pooler?.[Symbol.asyncDispose]();
    await database.stop().catch(() => {});
  }
}

const CLAIM = 'costs 503s with Retry-After for as long as it is away, and nothing else';
const because = poolerMissing === undefined ? '' : `: ${poolerMissing}`;

it(`a database that is restarted ${CLAIM}`, () => expectOutage('stop', false));
it(`a database that is killed and recovers elsewhere ${CLAIM}`, () => expectOutage('kill', false));
it.skipIf(poolerMissing !== undefined)(`a database that fails over behind PgBouncer ${CLAIM}${because}`, () =>
  expectOutage('kill', true),
);
