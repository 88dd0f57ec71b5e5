import sharp from 'sharp';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

async function upload(background: string): Promise<string> {
  const bytes = await sharp({ create: { width: 500, height: 400, channels: 3, background } })
    .png()
    .toBuffer();
  const response = await aino.upload(new Blob([Uint8Array.from(bytes)]), 'meme.png');
  return mediaItem.parse(await response.json()).id;
}

/** Returns the colour of the sharing picture near its left edge. */
async function firstColour(response: Response): Promise<string> {
  const { data, info } = await sharp(Buffer.from(await response.arrayBuffer()))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const at = (info.width * 100 + 100) * info.channels;
  const [red = 0, , blue = 0] = data.subarray(at, at + 3);
  return red > blue ? 'red' : 'blue';
}

it('a request that meets an earlier one does not get its picture of an item deleted meanwhile', async () => {
  const [red, ...others] = [await upload('#ff0000'), await upload('#0000ff'), await upload('#0000f0')];
  const body = { itemIds: [red, ...others] };
  const { code } = shareAnswer.parse(await (await aino.send('POST', '/api/shares', body)).json()).share;
  const load = () => app.visitor().request(`/s/${code}/card.jpg`);

  // The first request holds the pictures with the red one, and waits.
  const gate = Promise.withResolvers<void>();
  const { read } = app.deps.storage;
  const reads = vi.spyOn(app.deps.storage, 'read').mockImplementation(async (...args) => {
    const bytes = await read(...args);
    await gate.promise;
    return bytes;
  });
  const early = load();
  await expect.poll(() => reads.mock.calls.length).toBe(3);
  reads.mockRestore();

  await aino.send('DELETE', `/api/media/${red}`);
  const cards = vi.spyOn(app.deps.sharePages, 'card');
  const late = load();
  await expect.poll(() => cards.mock.calls.length).toBe(1);
  cards.mockRestore();
  gate.resolve();
  await (await early).body?.cancel();
  expect(await firstColour(await late)).toBe('blue');
  // The next request gets none with the deleted item.
  expect(await firstColour(await load())).toBe('blue');
});
