import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { createLogger } from '../../../app/logger.ts';
import { sweepOrphans, verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import {
  FLEET_SECRET,
  makeNextRelease,
  NEXT_MIGRATION,
  startFleet,
  type Fleet,
} from '../../support/faults/fleet.ts';
import { logLines, stageJobs } from '../../support/faults/job-log.ts';
import { until } from '../../support/faults/rig.ts';
import { send } from '../../support/faults/sending.ts';
import { clip, small, words } from '../../support/faults/specimens.ts';
import { readEvents } from '../../support/servers/event-stream.ts';
import { register } from '../../support/servers/http.ts';

// The tests build on each other: one fleet lives through a day.

const PROCESSES = 3;
const PASSWORD = 'correct horse battery';
/** Each upload costs the reading of its words. */
const LISTS_PER_UPLOAD = 20;
/** Every object counts as old. */
const ANY_AGE_MS = -1000;

let fleet: Fleet;
let folder: string;
let cookie: string;
interface Stored {
  /** `null`: nobody compares them. */
  bytes: Buffer | null;
  hasWords: boolean;
}

/** Every upload that was answered with 201, or with 409 when it was sent again. */
const stored = new Map<string, Stored>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-several-'));
  fleet = await startFleet(PROCESSES);
  ({ cookie } = await register(fleet.balancer.url));
});
afterAll(async () => {
  await fleet[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Visit {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

const visit = (path: string, { headers, ...init }: Visit = {}) =>
  fetch(new URL(path, fleet.balancer.url), {
    ...init,
    headers: { origin: fleet.balancer.url, cookie, ...headers },
  });

const signIn = (username: string, password: string) =>
  visit('/api/auth/login', {
    method: 'POST',
    headers: { cookie: '', 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });

const upload = async (bytes: Buffer, url = fleet.balancer.url) => {
  const answer = await send({ url, cookie, origin: fleet.balancer.url }, bytes).answer;
  return answer && { ...answer, bytes };
};

function keep(body: unknown, file: Stored = { bytes: null, hasWords: false }): string {
  const { id } = mediaItem.parse(body);
  stored.set(id, file);
  return id;
}

/** Uploads a file through the balancer, again for as long as the connection breaks. */
async function store(bytes: Buffer, hasWords = false): Promise<void> {
  for (let tries = 1; ; tries++) {
    const answer = await upload(bytes);
    if (answer?.status === 201) return void keep(answer.body, { bytes, hasWords });
    // The file was stored, and the answer was lost.
    if (answer?.status === 409 && tries > 1) {
      const { details } = z.object({ details: z.object({ id: z.uuid() }) }).parse(answer.body);
      return void stored.set(details.id, { bytes, hasWords });
    }
    expect([502, undefined]).toContain(answer?.status);
  }
}

/** Reads what each process logged under `msg`. */
const logged = (msg: string) => fleet.output().map((output) => logLines(output, msg));

const untilProcessed = () =>
  until('everything processed', async () => {
    const open = await fleet.db
      .selectFrom('media_stages')
      .select('stage')
      .where('state', '=', 'pending')
      .limit(1)
      .execute();
    return open.length === 0;
  });

it('share uploads and their stages: each file is stored once, each stage is done once', async () => {
  const files = [];
  for (let i = 0; i < 3; i++) files.push(clip(), await small());
  const texts = [await words(), await words(), await words()];
  const twins = files.slice(0, 3);
  // The same files reach another process at the same time. One of each pair is stored.
  const answers = await Promise.all([...files, ...texts, ...twins].map((bytes) => upload(bytes)));
  expect(answers.map((answer) => answer?.status).toSorted()).toEqual([
    ...[...files, ...texts].map(() => 201),
    ...twins.map(() => 409),
  ]);
  for (const answer of answers)
    if (answer?.status === 201)
      keep(answer.body, { bytes: answer.bytes, hasWords: texts.includes(answer.bytes) });

  await untilProcessed();
  const rows = await fleet.db.selectFrom('media').select(['id', 'state']).execute();
  expect(rows.map(({ id }) => id).toSorted()).toEqual([...stored.keys()].toSorted());
  expect(rows.filter(({ state }) => state !== 'ready')).toEqual([]);
  for (const { url } of fleet.running()) expect(fleet.balancer.sent.get(url)).toBeGreaterThan(0);

  const stagesDone = () => logged('job done').map(stageJobs);
  // A clip has a poster and a text, a picture a text. A job is logged after its row has changed.
  await expect.poll(() => stagesDone().flat()).toHaveLength(3 * 2 + 3 + 3);
  const done = stagesDone();
  const runs = done.flat();
  expect(new Set(runs).size).toBe(runs.length);
  expect(logged('job failed').flat()).toEqual([]);
  expect(done.filter((lines) => lines.length > 0).length).toBeGreaterThan(1);
  const report = await verifyStorage(fleet);
  expect(report).toMatchObject({ missing: [], wrongSize: [], orphans: [] });
});

it('tell a change in one process to the event streams of all', async () => {
  const streams = await Promise.all(
    fleet
      .running()
      .map(async ({ url }) => readEvents(await fetch(`${url}/api/events`, { headers: { cookie } }))),
  );
  for (const { url } of fleet.running()) {
    // Each process is the one in which something changes.
    const id = keep((await upload(await small(), url))?.body);
    for (const stream of streams) expect(await stream.untilItem(id)).toMatchObject({ event: 'items' });
  }
  await Promise.all(streams.map((stream) => stream.close()));
});

it('share sessions: a session of one works in all, and ends in all', async () => {
  const answer = await signIn('Aino', PASSWORD);
  const other = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const who = async (by: string) =>
    Promise.all(
      fleet.running().map(async ({ url }) => {
        const me = await (await fetch(`${url}/api/auth/me`, { headers: { cookie: by } })).json();
        return JSON.stringify(me).includes('"username":"Aino"');
      }),
    );
  expect(await who(other)).toEqual([true, true, true]);
  const stream = readEvents(await visit('/api/events', { headers: { cookie: other } }));
  expect(await stream.next()).toMatchObject({ event: 'hello' });

  expect((await visit('/api/auth/sessions', { method: 'DELETE' })).status).toBe(204);
  expect(await who(other)).toEqual([false, false, false]);
  expect(await who(cookie)).toEqual([false, false, false]);
  // The process of the stream looks at the session every 15 s. Work on items may still be told.
  let last = await stream.next();
  while (last?.event === 'items') last = await stream.next();
  expect(last).toBeNull();

  const back = await signIn('Aino', PASSWORD);
  cookie = back.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  expect(await who(cookie)).toEqual([true, true, true]);
});

it('share limits: wrong passwords at several processes count together', async () => {
  let wrong = 0;
  while ((await signIn('Louhi', `guess ${wrong}`)).status === 401) wrong += 1;
  // Ten at once, and one more every 5 minutes. Three separate limits would allow 30.
  expect(wrong).toBeGreaterThanOrEqual(10);
  expect(wrong).toBeLessThan(20);
});

it('do the work of a night once, however often it is started', async () => {
  const token = createHash('sha256').update(`${FLEET_SECRET} nightly`).digest('hex');
  const wake = () => visit('/api/nightly', { method: 'POST', headers: { 'x-nightly-token': token } });
  const answers = await Promise.all(Array.from({ length: PROCESSES }, wake));
  expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
  await untilNoJob('backup.nightly');
  await untilNoJob('media.housekeeping');
  expect((await wake()).status).toBe(204);
  await untilNoJob('backup.nightly');
  const made = await fleet.backups.list();
  expect(made.filter(({ series }) => series === 'daily')).toHaveLength(1);
  expect(logged('backup made').flat()).toHaveLength(1);
  expect(logged('job failed').flat()).toEqual([]);
});

const untilNoJob = (name: string) =>
  until(`no job ${name}`, async () => {
    const { rows } = await sql`
      select from pgboss.job where name = ${name} and state <= 'active'`.execute(fleet.db);
    return rows.length === 0;
  });

it('deploy: an older release serves beside the newer one, and every request is answered', async () => {
  const old = fleet.running();
  const next = await makeNextRelease(folder);
  const going = { on: true };
  const failures: string[] = [];
  const load = async () => {
    while (going.on) {
      for (let i = 0; i < LISTS_PER_UPLOAD; i++) {
        const listed = await visit('/api/media');
        if (listed.status !== 200) failures.push(`list: ${listed.status}`);
        await listed.arrayBuffer();
      }
      const bytes = await small();
      const answer = await upload(bytes);
      if (answer?.status === 201) keep(answer.body, { bytes, hasWords: false });
      else failures.push(`upload: ${answer?.status}`);
    }
  };
  const loaded = load();

  const first = await fleet.add(next);
  const columns = () => sql`select next from media limit 1`.execute(fleet.db);
  expect((await columns()).rows).toEqual([{ next: 'next' }]);
  expect(first.output()).toContain(NEXT_MIGRATION);
  // Both serve the database of the newer one.
  const revisions = async () =>
    (
      await Promise.all(
        fleet
          .running()
          .map(async ({ url }) => JSON.stringify(await (await fetch(`${url}/api/health`)).json())),
      )
    ).map((text) => /"revision":"(\w+)"/.exec(text)?.[1]);
  expect(await revisions()).toEqual(['old', 'old', 'old', 'next']);
  for (const { url } of fleet.running()) keep((await upload(await small(), url))?.body);
  for (const process of old) {
    if (process !== old[0]) await fleet.add(next);
    expect(await fleet.retire(process)).toBe(0);
  }
  expect(await revisions()).toEqual(['next', 'next', 'next']);
  // The way back: a migration that only adds lets the older release start again.
  await fleet.add();
  expect(await fleet.retire(first)).toBe(0);
  going.on = false;
  await loaded;
  expect(failures).toEqual([]);
  expect(await revisions()).toEqual(['next', 'next', 'old']);
  await untilProcessed();
});

it('run each occurrence of a schedule once', async () => {
  const occurrences = async () => {
    const { rows } = await sql<{ name: string; sent: string; slots: string; open: string }>`
      select data->>'name' as name, count(*) as sent, count(distinct data->>'slot') as slots,
        count(*) filter (where state <= 'active') as open
      from pgboss.job where name = '__pgboss__send-it' group by 1`.execute(fleet.db);
    return rows;
  };
  const due = await until('an occurrence', async () => {
    const rows = await occurrences();
    return rows.length > 0 && rows.every(({ open }) => Number(open) === 0) && rows;
  });
  for (const { name, sent, slots } of due) {
    expect(sent, name).toBe(slots);
    const { rows } = await sql<{ jobs: string }>`
      select count(*) as jobs from pgboss.job where name = ${name} and data = '{}'`.execute(fleet.db);
    expect(rows[0]?.jobs, name).toBe(sent);
  }
});

it('lose nothing when any of them is killed, and leave nothing behind', async () => {
  for (const victim of fleet.running()) {
    const sending = [
      store(await words(), true),
      store(clip()),
      store(await small()),
      store(await words(), true),
      store(await small()),
      store(clip()),
    ];
    // By now some are stored and processed, and others are on their way.
    await Promise.any(sending);
    await fleet.kill(victim);
    await Promise.all(sending);
    await fleet.add();
  }
  await untilProcessed();

  const rows = await fleet.db.selectFrom('media').select(['id', 'state']).execute();
  expect(rows.map(({ id }) => id).toSorted()).toEqual([...stored.keys()].toSorted());
  expect(rows.filter(({ state }) => state !== 'ready')).toEqual([]);
  for (const [id, file] of stored) await expectWhole(id, file);

  await sweepOrphans(fleet, createLogger('silent', false), ANY_AGE_MS);
  await fleet.storage.sweep(ANY_AGE_MS);
  expect(await verifyStorage(fleet)).toMatchObject({ missing: [], wrongSize: [], orphans: [] });
  expect(await fleet.bucket.unfinished()).toEqual([]);
});

async function expectWhole(id: string, { bytes, hasWords }: Stored): Promise<void> {
  const item: MediaItem = mediaItem.parse(await (await visit(`/api/media/${id}`)).json());
  expect(item.stages).toEqual([]);
  const original = await fetch(item.url);
  expect(original.status).toBe(200);
  const content = Buffer.from(await original.arrayBuffer());
  if (item.kind !== 'video' && bytes) expect(content.equals(bytes)).toBe(true);
  const thumbnail = await fetch(item.thumbUrl ?? '');
  expect(thumbnail.status).toBe(200);
  await thumbnail.arrayBuffer();
  if (hasWords) expect(item.text).toMatch(/\S/);
}
