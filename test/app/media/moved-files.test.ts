import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { giveNewAddress, syncAddresses } from '../../../app/media/address.service.ts';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { createTestApp, ORIGIN, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { createBucket } from '../../support/servers/bucket.ts';
import { picture } from '../../support/media/pictures.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';

const backends = missingS3Server() === undefined ? (['local', 's3'] as const) : (['local'] as const);

/** An item gets a new address between the steps of a request: the request finds it all the same. */
describe.each(backends)('a file in %s storage that moves while it is asked for', (backend) => {
  let server: S3Server | undefined;
  let app: TestApp;
  let aino: Visitor;
  beforeAll(async () => {
    server = backend === 's3' ? await startS3Server() : undefined;
    const bucket = server && (await createBucket(server, { origin: ORIGIN }));
    app = await createTestApp({ ...bucket?.env, OCR: 'off' });
    aino = await app.admin();
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await server?.stop();
  });

  const add = async (): Promise<MediaItem> =>
    mediaItem.parse(await (await aino.upload(await picture(), 'meme.png')).json());
  const share = async (itemIds: string[]) =>
    shareAnswer.parse(await (await aino.send('POST', '/api/shares', { itemIds })).json()).share.code;
  /** Gives new addresses just before the app looks at an object, opens it, or both. */
  const moveBefore = (steps: readonly ('info' | 'read')[], ids: readonly string[]) => {
    const { storage } = app.deps;
    for (const step of steps) {
      const before = async () => {
        for (const id of ids) await giveNewAddress(app.deps, id);
      };
      if (step === 'info') {
        const info = storage.info.bind(storage);
        vi.spyOn(storage, 'info').mockImplementationOnce(async (key) => {
          await before();
          return info(key);
        });
      } else {
        const read = storage.read.bind(storage);
        vi.spyOn(storage, 'read').mockImplementationOnce(async (key, range) => {
          await before();
          return read(key, range);
        });
      }
    }
  };
  const sizeOf = async (response: Response | Promise<Response>) => {
    const answered = await response;
    const { size } = await answered.blob();
    return [answered.status, size];
  };

  // In a bucket the files of a page are redirects.
  const streamed = [
    ['file', ['info'] as const],
    ['file', ['read'] as const],
    ['file', ['info', 'read'] as const],
    ['poster', ['read'] as const],
    ['download', ['read'] as const],
  ] as const;
  it.each(backend === 'local' ? streamed : [])(
    'is sent as the %s of a share page, when it moves before %s',
    async (role, steps) => {
      const item = await add();
      const code = await share([item.id]);
      const visit = () => app.visitor().request(`/s/${code}/${role}/0`);
      const before = await sizeOf(visit());
      expect(before[0]).toBe(200);
      moveBefore(steps, [item.id]);
      expect(await sizeOf(visit())).toEqual(before);
    },
  );

  it('is drawn in the card of an item and of a gallery', async () => {
    const [one, two] = [await add(), await add()];
    const [single, gallery] = [await share([one.id]), await share([one.id, two.id])];
    const card = (code: string) => sizeOf(app.visitor().request(`/s/${code}/card.jpg`));
    moveBefore(['read'], [one.id]);
    const made = await card(single);
    expect(made[0]).toBe(200);
    // Also when it was made before.
    moveBefore(['read'], [one.id]);
    expect(await card(single)).toEqual(made);
    moveBefore(['read'], [one.id, two.id]);
    const drawn = await card(gallery);
    expect(drawn[0]).toBe(200);
    // The card that is kept shows both pictures.
    expect(await card(gallery)).toEqual(drawn);
    moveBefore(['read'], [one.id, two.id]);
    expect(await card(gallery)).toEqual(drawn);
  });

  it('is drawn for the clipboard', async () => {
    const { id } = await add();
    moveBefore(['read'], [id]);
    expect((await sizeOf(aino.request(`/api/media/${id}/clipboard`)))[0]).toBe(200);
  });

  it.each([[['info'] as const], [['read'] as const], [['info', 'read'] as const]])(
    'is shown in the trash, when it moves before %s',
    async (steps) => {
      const item = await add();
      await aino.send('DELETE', `/api/media/${item.id}`);
      await syncAddresses(app.deps, [item.id]);
      moveBefore(steps, [item.id]);
      const trashed = aino.request(`/api/media/${item.id}/trashed/original`);
      expect(await sizeOf(trashed)).toEqual([200, item.byteSize]);
    },
  );

  it('is packed into an archive, also when it moves twice', async () => {
    const item = await add();
    const body = new URLSearchParams({ ids: item.id });
    const response = await aino.request('/api/media/zip', { method: 'POST', body });
    const { storage } = app.deps;
    const read = storage.read.bind(storage);
    const moved = async (...args: Parameters<typeof read>) => {
      await giveNewAddress(app.deps, item.id);
      return read(...args);
    };
    vi.spyOn(storage, 'read').mockImplementationOnce(moved).mockImplementationOnce(moved);
    expect(await sizeOf(response)).toEqual([200, Number(response.headers.get('content-length'))]);
  });

  it.each(backend === 'local' ? (['read'] as const) : [])(
    'is 404 at its old address, never a broken answer, when it moves before %s',
    async (step) => {
      const item = await add();
      moveBefore([step], [item.id]);
      expect((await sizeOf(app.visitor().request(item.url)))[0]).toBe(404);
    },
  );
});
