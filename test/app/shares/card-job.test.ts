import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { picture } from '../../support/media/pictures.ts';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  await app.work();
});
afterAll(() => app[Symbol.asyncDispose]());

const upload = async () => mediaItem.parse(await (await aino.upload(await picture(), 'meme.png')).json()).id;

const shareOf = async (path: string, body: object) =>
  shareAnswer.parse(await (await aino.send('POST', path, body)).json()).share.code;

const cardOfItem = async (id: string) =>
  (await app.deps.db.selectFrom('media').select('card_key').where('id', '=', id).executeTakeFirstOrThrow())
    .card_key;

const cardOfGallery = async (code: string) =>
  (
    await app.deps.db
      .selectFrom('shares')
      .select('card_key')
      .where('code', '=', code)
      .executeTakeFirstOrThrow()
  ).card_key;

it('a new share has its sharing picture before anybody asks', async () => {
  const [one, two, three] = [await upload(), await upload(), await upload()];
  await shareOf('/api/shares', { itemIds: [one] });
  await shareOf('/api/shares/link', { itemId: two });
  const gallery = await shareOf('/api/shares', { itemIds: [one, three] });
  await expect.poll(() => cardOfItem(one)).not.toBeNull();
  await expect.poll(() => cardOfItem(two)).not.toBeNull();
  await expect.poll(() => cardOfGallery(gallery)).not.toBeNull();
  // The first request sends that picture and makes no other.
  const made = await cardOfGallery(gallery);
  const put = vi.spyOn(app.deps.storage, 'put');
  const response = await app.visitor().request(`/s/${gallery}/card.jpg`);
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(0);
  expect(response.status).toBe(200);
  expect(put).not.toHaveBeenCalled();
  put.mockRestore();
  expect(await cardOfGallery(gallery)).toBe(made);
  expect(await cardOfItem(three)).toBeNull();
});

it('a request makes the sharing picture that the job could not store', async () => {
  const id = await upload();
  const put = vi.spyOn(app.deps.storage, 'put').mockRejectedValue(new Error('the storage is away'));
  const code = await shareOf('/api/shares', { itemIds: [id] });
  await expect.poll(() => put.mock.calls.length).toBeGreaterThan(0);
  put.mockRestore();
  // A request that meets the failing job fails with it.
  const load = async () => {
    const response = await app.visitor().request(`/s/${code}/card.jpg`);
    await response.body?.cancel();
    return [response.status, response.headers.get('content-type')];
  };
  await expect.poll(load).toEqual([200, 'image/jpeg']);
  expect(await cardOfItem(id)).not.toBeNull();
});
