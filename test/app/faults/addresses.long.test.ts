import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../../app/logger.ts';
import { sweepOrphans, verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { createRig, until, type Rig } from '../../support/faults/rig.ts';
import { send } from '../../support/faults/sending.ts';
import { small } from '../../support/faults/specimens.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';

/**
 * Kills the real process by SIGKILL at each step of a change of addresses. Also at the deletions
 * after a replacement and after the end of a share. Afterwards no file is lost, the old address is
 * dead, and nothing is left that nobody names.
 */

const logger = createLogger('silent', false);
/** Negative, so that it includes objects of the future: the storage may have another clock. */
const ANY_AGE_MS = -10_000;
const notLinux = process.platform === 'linux' ? undefined : 'needs Linux';

const MOVE = /update "media" set "object_key"/;
const COMMIT = /commit\0/;
/** The steps at which the process dies, by what it asks of the bucket or the database. */
const STEPS = {
  'before the first copy': (rig: Rig) => rig.bucket?.hold(/^HEAD \S+\.(png|webp)/),
  'at a copy': (rig: Rig) => rig.bucket?.hold(/^PUT \S+[\s\S]*x-amz-copy-source/i),
  'before the row names the copies': (rig: Rig) => rig.database.hold(MOVE),
  'at the commit': (rig: Rig) => rig.database.hold(COMMIT, MOVE),
  'at the deletion of the old objects': (rig: Rig) => rig.bucket?.hold(/^DELETE \S+\.(png|webp)/),
} as const;

const call = (rig: Rig, method: string, path: string, json?: unknown) => {
  const { url, cookie } = rig.person();
  const headers = { cookie, origin: url, ...(json !== undefined && { 'content-type': 'application/json' }) };
  return fetch(`${url}${path}`, { method, headers, body: json === undefined ? null : JSON.stringify(json) });
};
const add = async (rig: Rig): Promise<MediaItem> => {
  const answer = await send(rig.person(), await small()).answer;
  expect(answer?.status).toBe(201);
  return mediaItem.parse(answer?.body);
};
/** The status of an address for anybody; a local one is relative. */
const seen = async (rig: Rig, address: string) => {
  const response = await fetch(new URL(address, rig.person().url));
  await response.arrayBuffer();
  return response.status;
};
const dueNow = ({ db }: Rig) =>
  sql`update pgboss.job set start_after = now()
    where state < 'active' and (name like 'media.%' or name like 'shares.%')`.execute(db);

/** Waits until the jobs are done. */
const atRest = (rig: Rig) =>
  until('no waiting job', async () => {
    await dueNow(rig);
    const { rows } = await sql`select from pgboss.job
      where state < 'completed'
        and name in ('media.sync-addresses', 'media.discard-objects', 'shares.end-cards')`.execute(rig.db);
    return rows.length === 0;
  });

/** Copies of a killed process are left to the sweep: nobody knows their keys. */
async function expectNothingElse(rig: Rig, items: number): Promise<void> {
  await atRest(rig);
  await sweepOrphans(rig, logger, ANY_AGE_MS);
  expect(await verifyStorage(rig)).toMatchObject({ items, missing: [], wrongSize: [], orphans: [] });
}

describe.skipIf(notLinux !== undefined || missingS3Server() !== undefined)(
  'addresses in a bucket, when the process is killed',
  () => {
    let server: S3Server;
    let rig: Rig;
    let items = 0;
    beforeAll(async () => {
      server = await startS3Server();
      rig = await createRig(server, { OCR: 'off' });
    });
    afterAll(async () => {
      await rig[Symbol.asyncDispose]();
      await server.stop();
    });

    it.each(Object.entries(STEPS))('%s of a trashed item', async (_name, hold) => {
      const item = await add(rig);
      items += 1;
      const holding = hold(rig);
      expect((await call(rig, 'DELETE', `/api/media/${item.id}`)).status).toBe(204);
      await dueNow(rig);
      await holding;
      await rig.server().kill();
      await rig.restart();
      await dueNow(rig);
      await until('a dead address', async () => {
        await dueNow(rig);
        return (await seen(rig, item.url)) >= 403;
      });
      await expectNothingElse(rig, items);
      const restored = mediaItem.parse(
        await (await call(rig, 'POST', `/api/media/${item.id}/restore`)).json(),
      );
      expect(await seen(rig, restored.url)).toBe(200);
      expect(await seen(rig, item.url)).toBeGreaterThanOrEqual(403);
    });

    it.each(Object.entries(STEPS))('%s of a new address', async (_name, hold) => {
      const item = await add(rig);
      items += 1;
      const holding = hold(rig);
      const answer = call(rig, 'POST', `/api/media/${item.id}/new-address`).catch(() => null);
      await holding;
      await rig.server().kill();
      await answer;
      await rig.restart();
      await expectNothingElse(rig, items);
      // The item has its old address or its new one, and only that one works.
      const now = mediaItem.parse(await (await call(rig, 'GET', `/api/media/${item.id}`)).json());
      expect(await seen(rig, now.url)).toBe(200);
      if (now.url !== item.url) expect(await seen(rig, item.url)).toBeGreaterThanOrEqual(403);
    });

    const late = Object.entries(STEPS).filter(([name]) => name.startsWith('at '));
    it.each(late)('%s of one of many trashed items', async (_name, hold) => {
      const trashed: MediaItem[] = [];
      // More than move together.
      for (let i = 0; i < 12; i++) trashed.push(await add(rig));
      items += trashed.length;
      const answer = await call(rig, 'POST', '/api/media/trash', { ids: trashed.map(({ id }) => id) });
      expect(answer.status).toBe(200);
      const holding = hold(rig);
      await dueNow(rig);
      await holding;
      await rig.server().kill();
      await rig.restart();
      for (const { url } of trashed)
        await until('a dead address', async () => {
          await dueNow(rig);
          return (await seen(rig, url)) >= 403;
        });
      await expectNothingElse(rig, items);
    });

    it('at the deletion of a replaced file, which goes without the sweep', async () => {
      const item = await add(rig);
      items += 1;
      const body = new FormData();
      body.set('file', new Blob([Uint8Array.from(await small())]), 'other.png');
      const holding = rig.bucket?.hold(/^DELETE \S+\.(png|webp)/);
      const { url, cookie } = rig.person();
      const init = { method: 'PUT', headers: { cookie, origin: url }, body };
      const answer = fetch(`${url}/api/media/${item.id}/file`, init).catch(() => null);
      await holding;
      await rig.server().kill();
      await answer;
      await rig.restart();
      await atRest(rig);
      expect(await seen(rig, item.url)).toBeGreaterThanOrEqual(403);
      expect(await verifyStorage(rig)).toMatchObject({ items, missing: [], orphans: [] });
    });

    const ends: [string, (rig: Rig, code: string, id: string) => Promise<Response>][] = [
      ['a revoked share', (rig, code) => call(rig, 'DELETE', `/api/shares/${code}`)],
      ['a trashed item', (rig, _code, id) => call(rig, 'DELETE', `/api/media/${id}`)],
    ];
    it.each(ends)('at the deletion of the sharing picture of %s', async (_name, end) => {
      const shared = [await add(rig), await add(rig)];
      items += 2;
      const ids = shared.map(({ id }) => id);
      const made = shareAnswer.parse(await (await call(rig, 'POST', '/api/shares', { itemIds: ids })).json());
      const { code } = made.share;
      expect((await call(rig, 'GET', `/s/${code}/card.jpg`)).status).toBe(200);
      const holding = rig.bucket?.hold(/^DELETE \S+\.jpg/);
      await end(rig, code, ids[0] ?? '');
      await holding;
      await rig.server().kill();
      await rig.restart();
      await atRest(rig);
      const report = await verifyStorage(rig);
      expect(report).toMatchObject({ items, missing: [], orphans: [] });
      await call(rig, 'POST', `/api/media/${ids[0]}/restore`);
    });
  },
);
