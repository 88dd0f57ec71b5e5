import { mkdir, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createReceiveBudget, type ReceiveBudget } from '../../../app/http/receive-budget.ts';
import {
  EXPIRY_HOURS,
  MAX_OPEN_FILES,
  MAX_OPEN_FILES_OF_USER,
  MAX_OPEN_UPLOADS,
} from '../../../app/resumable/resumable.limits.ts';
import { resumableUpload } from '../../../app/resumable/resumable.schema.ts';
import { outcome } from '../../support/errors.ts';
import { noisePng } from '../../support/media/noise.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { listening, raw, type Listening } from '../../support/servers/listening.ts';
import { ask, begin, sendAt, sendRest, stop } from '../../support/servers/resumable.ts';

const MAX_BYTES = 2_000_000;
let budget: ReceiveBudget;
let app: TestApp;
let aino: Visitor;
let eino: Visitor;
beforeAll(async () => {
  budget = createReceiveBudget({ capacity: 10_000_000, contended: { windowMs: 600_000, minBytes: 1 } });
  app = await createTestApp({ MAX_UPLOAD_MB: '2', OCR: 'off' }, (deps) => {
    deps.upload.budget = budget;
  });
  aino = await app.admin();
  eino = await app.member(aino, 'Eino');
});
afterAll(() => app[Symbol.asyncDispose]());
afterEach(async () => {
  await app.deps.db.deleteFrom('resumable_uploads').execute();
  await rm(join(app.dataDir, 'uploads'), { recursive: true, force: true });
});

const parts = async () => (await app.files()).filter((name) => name.startsWith('uploads/'));
const age = (id: string, hours: number) =>
  sql`update resumable_uploads set touched_at = now() - make_interval(hours => ${hours}) where id = ${id}`.execute(
    app.deps.db,
  );
/** Begins an upload that has a part. */
async function begun(by: Visitor) {
  const bytes = await noisePng(500);
  const upload = await begin(by.request, bytes.length);
  expect((await sendAt(by.request, upload.path, 0, bytes.subarray(0, 300_000))).status).toBe(204);
  return { ...upload, bytes };
}

describe('unfinished uploads', () => {
  it('are few of a user, however many are asked for at once', async () => {
    const outcomes = new Map<string, number>();
    for (let round = 0; round < 20; round++) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => ask(aino.request, 1000)));
      for (const answer of answers) {
        const told = await outcome(answer);
        outcomes.set(told, (outcomes.get(told) ?? 0) + 1);
      }
    }
    expect(Object.fromEntries(outcomes)).toEqual({
      201: MAX_OPEN_UPLOADS,
      '409 too_many_uploads': 1000 - MAX_OPEN_UPLOADS,
    });
    // Others are not in their way.
    expect((await ask(eino.request, 1000)).status).toBe(201);
  });

  it('of a user have a limit of bytes, and those of all another one', async () => {
    const fill = async (by: Visitor) => {
      const told: string[] = [];
      for (let i = 0; i <= MAX_OPEN_FILES_OF_USER; i++)
        told.push(await outcome(await ask(by.request, MAX_BYTES)));
      return told;
    };
    const full = [...Array.from({ length: MAX_OPEN_FILES_OF_USER }, () => '201'), '409 too_many_uploads'];
    expect(await fill(aino)).toEqual(full);
    const users = MAX_OPEN_FILES / MAX_OPEN_FILES_OF_USER;
    for (let i = 1; i < users; i++) expect(await fill(await app.member(aino, `full-${i}`))).toEqual(full);
    expect(await outcome(await ask(eino.request, 1000))).toBe('409 too_many_uploads');
  });

  it('without a byte for an hour give way to a new one of their user', async () => {
    const idle = await begun(aino);
    for (let i = 1; i < MAX_OPEN_UPLOADS; i++) await begin(aino.request, 1000);
    expect(await outcome(await ask(aino.request, 1000))).toBe('409 too_many_uploads');
    await age(idle.id, 2);
    expect(await outcome(await ask(aino.request, 1000))).toBe('201');
    expect(await outcome(await aino.request(idle.path))).toBe('404 not_found');
    expect(await parts()).toEqual([]);
  });

  it('end when they are deleted, with their parts', async () => {
    const { path } = await begun(aino);
    expect(await parts()).toHaveLength(1);
    expect((await stop(aino.request, path)).status).toBe(204);
    expect(await outcome(await stop(aino.request, path))).toBe('404 not_found');
    expect(await parts()).toEqual([]);
  });

  it('end a day after their last byte, and are swept', async () => {
    const [old, young] = [await begun(aino), await begun(aino)];
    await age(old.id, EXPIRY_HOURS);
    await age(young.id, EXPIRY_HOURS - 1);
    expect(await outcome(await aino.request(old.path))).toBe('404 not_found');
    expect(await outcome(await sendRest(aino.request, old.path, old.bytes, { from: 300_000 }))).toBe(
      '404 not_found',
    );
    expect(await app.deps.resumables.sweep()).toBe(1);
    expect(await parts()).toEqual([expect.stringContaining(young.id)]);
    expect((await sendRest(aino.request, young.path, young.bytes, { from: 300_000 })).status).toBe(201);
    expect(await parts()).toEqual([]);
  });

  it('whose rows are gone leave their parts for a day, and nothing else is swept', async () => {
    const young = await begun(aino);
    const [orphan, fresh] = [randomUUID(), randomUUID()];
    const folder = join(app.dataDir, 'uploads');
    for (const name of [orphan, fresh, 'notes']) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'part'), 'x');
    }
    const before = new Date(Date.now() - (EXPIRY_HOURS + 1) * 3_600_000);
    for (const name of [orphan, young.id, 'notes']) await utimes(join(folder, name), before, before);
    expect(await app.deps.resumables.sweep()).toBe(1);
    expect((await readdir(folder)).toSorted()).toEqual([young.id, fresh, 'notes'].toSorted());
  });

  it('whose parts are gone with the disk begin anew', async () => {
    const { id, path, bytes } = await begun(aino);
    const sha256 = 'b'.repeat(64);
    await app.deps.db.updateTable('resumable_uploads').set({ sha256 }).where('id', '=', id).execute();
    await rm(join(app.dataDir, 'uploads'), { recursive: true });
    const again = await ask(aino.request, bytes.length, { sha256 });
    expect(resumableUpload.parse(await again.json())).toMatchObject({ offset: 0 });
    expect(await outcome(await aino.request(path))).toBe('404 not_found');

    const other = await begun(aino);
    await rm(join(app.dataDir, 'uploads'), { recursive: true });
    expect(await outcome(await aino.request(other.path))).toBe('404 not_found');
  });

  it('whose parts are lost behind the first look make no item', async () => {
    const items = () => app.deps.db.selectFrom('media').select('id').execute();
    const before = await items();
    const { path, bytes } = await begun(aino);
    const [part = ''] = await parts();
    await rm(join(app.dataDir, part));
    expect(await outcome(await sendRest(aino.request, path, bytes, { from: 300_000 }))).toBe('404 not_found');
    expect(await items()).toEqual(before);
    expect(await parts()).toEqual([]);
  });
});

describe('the upload of another user', () => {
  it('is neither seen, nor continued, nor ended, not even by an administrator', async () => {
    const { path, bytes } = await begun(eino);
    for (const answer of [
      await aino.request(path),
      await sendAt(aino.request, path, 300_000, bytes.subarray(300_000)),
      await stop(aino.request, path),
    ])
      expect(await outcome(answer)).toBe('404 not_found');
    const last = await sendRest(eino.request, path, bytes, { from: 300_000 });
    expect(last.status).toBe(201);
  });

  it('ends with the account, and its parts are swept', async () => {
    const guest = await app.member(aino, 'Guest');
    const { id, path, bytes } = await begun(guest);
    const { id: userId } = await app.deps.db
      .selectFrom('users')
      .select('id')
      .where('username', '=', 'Guest')
      .executeTakeFirstOrThrow();
    await aino.send('PATCH', `/api/users/${userId}`, { disabled: true });
    for (const answer of [
      await guest.request(path),
      await sendAt(guest.request, path, 300_000, bytes.subarray(300_000)),
      await stop(guest.request, path),
      await ask(guest.request, 1000),
    ])
      expect(await outcome(answer)).toBe('401 not_signed_in');
    // Nor does a job make an item of what a disabled user has sent.
    await sql`update resumable_uploads set received = byte_size where id = ${id}`.execute(app.deps.db);
    await app.deps.resumables.finishLater(id);
    expect(
      await app.deps.db.selectFrom('media').select('id').where('owner_id', '=', userId).execute(),
    ).toEqual([]);
    await app.deps.db.deleteFrom('invites').where('used_by', '=', userId).execute();
    await app.deps.db.deleteFrom('users').where('id', '=', userId).execute();
    const folder = join(app.dataDir, 'uploads', id);
    const before = new Date(Date.now() - (EXPIRY_HOURS + 1) * 3_600_000);
    await utimes(folder, before, before);
    await app.deps.resumables.sweep();
    expect(await parts()).toEqual([]);
  });
});

describe('a connection that breaks', () => {
  let server: Listening;
  beforeAll(async () => {
    server = await listening(app.fetch);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** Sends the head of a request and so many bytes, then breaks the connection. */
  async function breakAfter(path: string, bytes: Uint8Array, sent: number): Promise<void> {
    const { socket } = await raw(server.port);
    const head = [
      `PATCH ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      `Origin: ${ORIGIN}`,
      `Cookie: ${aino.cookie()}`,
      'Tus-Resumable: 1.0.0',
      'Upload-Offset: 0',
      'Content-Type: application/offset+octet-stream',
      `Content-Length: ${bytes.length}`,
      '\r\n',
    ];
    socket.write(head.join('\r\n'));
    await new Promise<void>((done) => void socket.write(bytes.subarray(0, sent), () => done()));
    socket.destroy();
  }

  it('keeps what has come, and goes on from there', async () => {
    const bytes = await noisePng(700);
    const { path } = await begin(aino.request, bytes.length);
    await breakAfter(path, bytes, 1_000_000);
    const state = async () => resumableUpload.parse(await (await aino.request(path)).json()).offset;
    // The end of the connection may overtake the last bytes.
    await expect.poll(state).toBeGreaterThan(0);
    const from = await state();
    expect(from).toBeLessThanOrEqual(1_000_000);
    expect((await sendRest(aino.request, path, bytes, { from })).status).toBe(201);
    await expect.poll(() => budget.usage()).toEqual({ held: 0, shares: 0, waiting: 0 });
    expect(await readdir(app.deps.tmpDir)).toEqual([]);
    expect(await parts()).toEqual([]);
  });

  it('after a few bytes keeps none, and holds nothing', async () => {
    const bytes = await noisePng(600);
    const { path } = await begin(aino.request, bytes.length);
    for (const sent of [0, 1, 1000, 100_000]) await breakAfter(path, bytes, sent);
    await expect.poll(() => server.connections()).toBe(0);
    await expect.poll(() => budget.usage()).toEqual({ held: 0, shares: 0, waiting: 0 });
    await expect.poll(() => readdir(app.deps.tmpDir)).toEqual([]);
    expect(resumableUpload.parse(await (await aino.request(path)).json()).offset).toBe(0);
    expect(await parts()).toEqual([]);
  });
});
