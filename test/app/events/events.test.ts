import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { readEvents, type EventStream } from '../../support/servers/event-stream.ts';
import { picture } from '../../support/media/pictures.ts';
import { startPgBouncer } from '../../support/databases/pgbouncer.ts';

let app: TestApp;
let admin: Visitor;
let member: Visitor;

beforeAll(async () => {
  app = await createTestApp({}, (deps) => {
    deps.eventTimes = { heartbeatMs: 200, streamMs: 600_000 };
  });
  admin = await app.admin();
  member = await app.member(admin, 'Louhi');
});
afterAll(() => app[Symbol.asyncDispose]());

async function open(by: Visitor, lastId?: string): Promise<EventStream> {
  const response = await by.request('/api/events', {
    headers: lastId === undefined ? {} : { 'last-event-id': lastId },
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  return readEvents(response);
}

async function upload(by: Visitor, label: string): Promise<MediaItem> {
  const response = await by.upload(await picture(), `${label}.png`);
  expect(response.status).toBe(201);
  return mediaItem.parse(await response.json());
}

/** Connections that listen for changes of this database. */
async function listeners(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from pg_stat_activity
    where application_name = 'meemikansio events' and datname = current_database()`.execute(app.deps.db);
  return rows[0]?.count ?? -1;
}

describe('the event stream', () => {
  it('names what another member uploads, tags, edits, favours, deletes, restores and merges', async () => {
    const stream = await open(member);
    expect(await stream.next()).toMatchObject({ event: 'hello', data: { caughtUp: false } });
    const { id } = await upload(admin, 'first');
    await stream.untilItem(id);
    for (const [method, path, body] of [
      ['PUT', `/api/media/${id}/tags`, { tags: ['kissa'] }],
      ['PATCH', `/api/media/${id}`, { title: 'Kissa' }],
      ['PUT', '/api/favourites', { ids: [id], favourite: true }],
      ['PUT', '/api/favourites', { ids: [id], favourite: false }],
      ['DELETE', `/api/media/${id}`, undefined],
      ['POST', `/api/media/${id}/restore`, undefined],
    ] as const) {
      expect((await admin.send(method, path, body)).ok, method).toBe(true);
      expect(await stream.untilItem(id)).toEqual({
        event: 'items',
        data: { ids: [id] },
        id: expect.stringMatching(/^\d+\.\d+:\d+:/),
      });
    }
    const other = await upload(admin, 'second');
    await stream.untilItem(other.id);
    for (const [method, path, more] of [
      ['PUT', '/api/duplicates/wishes', { wished: true }],
      ['PUT', '/api/duplicates/wishes', { wished: false }],
      ['POST', '/api/duplicates/merge', {}],
    ] as const) {
      expect((await admin.send(method, path, { into: other.id, ids: [id], ...more })).ok, method).toBe(true);
      await stream.untilItem(id);
    }
    await stream.close();
  });

  it('goes on after the last event that a client got', async () => {
    const before = await open(member);
    const hello = await before.next();
    await before.close();
    const { id } = await upload(admin, 'missed');
    const after = await open(member, hello?.id ?? '');
    expect(await after.next()).toMatchObject({ event: 'hello', data: { caughtUp: true } });
    const event = await after.untilItem(id);
    await after.close();

    // Nothing has changed since, so that nothing comes twice.
    const again = await open(member, event.id ?? '');
    expect(await again.next()).toMatchObject({ event: 'hello', data: { caughtUp: true } });
    const later = await upload(admin, 'later');
    const next = await again.untilItem(later.id);
    expect(JSON.stringify(next.data)).not.toContain(id);
    await again.close();
  });

  it('sees a change that commits after a later one', async () => {
    const { id } = await upload(admin, 'slow');
    const stream = await open(member);
    await stream.next();
    await app.deps.db.transaction().execute(async (trx) => {
      await trx.updateTable('media').set({ title: 'slow' }).where('id', '=', id).execute();
      const quick = await upload(admin, 'quick');
      await stream.untilItem(quick.id);
    });
    expect(await stream.untilItem(id)).toMatchObject({ event: 'items' });
    await stream.close();
  });

  it.each([
    ['nothing', ''],
    ['something else', 'x'],
    ['numbers out of order', `${Math.floor(Date.now() / 1000)}.9:1:`],
    ['open transactions out of order', `${Math.floor(Date.now() / 1000)}.1:9:4,3`],
    ['an open transaction after the last', `${Math.floor(Date.now() / 1000)}.1:9:12`],
    ['a number that is too large', `${Math.floor(Date.now() / 1000)}.1:99999999999999999999:`],
    ['an id of two hours ago', `${Math.floor(Date.now() / 1000) - 7200}.1:9:`],
    ['an id of the future', `${Math.floor(Date.now() / 1000) + 7200}.1:9:`],
    ['an endless id', `1.${'1'.repeat(5000)}:9:`],
  ])('begins anew after %s', async (_, id) => {
    const stream = await open(member, id);
    expect(await stream.next()).toMatchObject({ event: 'hello', data: { caughtUp: false } });
    await stream.close();
  });

  it('tells a client to reload after a change of more items than it lists', async () => {
    const stream = await open(member);
    await stream.next();
    await sql`
      insert into media (id, owner_id, kind, mime, object_key, sha256, byte_size, width, height, state)
      select gen_random_uuid(), (select id from users limit 1), 'image', 'image/jpeg', 'many-' || n,
        lpad(to_hex(n), 64, '0'), 1, 1, 1, 'ready' from generate_series(1, 1200) n`.execute(app.deps.db);
    let event = await stream.next();
    while (event?.event === 'items') event = await stream.next();
    expect(event).toMatchObject({ event: 'all', data: {} });
    const { rows } = await sql`select from media_changes where media_id is null`.execute(app.deps.db);
    expect(rows).toHaveLength(1);
    await sql`delete from media where object_key like 'many-%'`.execute(app.deps.db);
    await stream.close();
  });

  it('ends with its session', async () => {
    const guest = await app.member(admin, 'Kyllikki');
    const stream = await open(guest);
    await stream.next();
    expect((await guest.send('POST', '/api/auth/logout')).ok).toBe(true);
    expect(await stream.next()).toBeNull();
  });

  it('ends the oldest stream of a user who opens too many, and nobody else', async () => {
    const other = await open(admin);
    await other.next();
    const streams: EventStream[] = [];
    for (let count = 0; count < 13; count += 1) {
      const stream = await open(member);
      await stream.next();
      streams.push(stream);
    }
    expect(await streams[0]?.next()).toBeNull();
    const { id } = await upload(admin, 'crowd');
    for (const stream of [...streams.slice(1), other]) {
      await stream.untilItem(id);
      await stream.close();
    }
  });

  it('uses no connection while nobody listens', async () => {
    const stream = await open(member);
    await stream.next();
    await expect.poll(listeners).toBe(1);
    await stream.close();
    await expect.poll(listeners).toBe(0);
  });

  it('answers HEAD without a stream', async () => {
    const response = await member.request('/api/events', { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
    await expect.poll(listeners).toBe(0);
  });
});

it('polls behind a pooler in transaction mode, which delivers no notifications', async () => {
  await using pooler = await startPgBouncer(app.databaseUrl, 'transaction');
  const { createEvents } = await import('../../../app/events/events.service.ts');
  const { openChangeSignal } = await import('../../../app/events/change-signal.ts');
  const { databaseAddress } = await import('../../../app/db/connection-string.ts');
  const { db, logger } = app.deps;
  const events = createEvents({
    db,
    logger,
    openSignal: () => openChangeSignal(databaseAddress(pooler.url), logger),
  });
  const { subscription } = await events.subscribe('user', undefined);
  const { id } = await upload(admin, 'pooled');
  const seen: string[] = [];
  while (!seen.includes(id)) {
    const news = await subscription.next(60_000);
    if (!news) throw new Error('no news');
    if (news.is === 'items') seen.push(...news.ids);
  }
  expect(await listeners()).toBe(0);
  events.close();
  expect(subscription.isEnded()).toBe(true);
});
