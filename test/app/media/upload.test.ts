import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/app.ts';
import { animation, picture } from '../../support/pictures.ts';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

describe('POST /api/media', () => {
  it.each(['png', 'jpeg', 'webp', 'gif'] as const)(
    'keeps a %s and shows it with a thumbnail',
    async (format) => {
      const response = await aino.upload(
        await picture(format, { width: 900, height: 700 }),
        `meme.${format}`,
      );
      expect(response.status).toBe(201);
      const item = mediaItem.parse(await response.json());
      expect(item).toMatchObject({
        kind: 'image',
        mime: `image/${format}`,
        width: 900,
        height: 700,
        state: 'processing',
      });
      const thumb = await aino.request(item.thumbUrl ?? '');
      expect(thumb.headers.get('content-type')).toBe('image/webp');
    },
  );

  it('knows an animation', async () => {
    const item = mediaItem.parse(await (await aino.upload(await animation(3), 'dance.gif')).json());
    expect(item).toMatchObject({ kind: 'animation', durationMs: 300 });
  });
  it('refuses', async () => {
    const before = await app.files();
    const response = await aino.upload(
      new Blob(['<html></html>'.repeat(10)], { type: 'image/png' }),
      'evil.png',
    );
    expect(response.status).toBe(415);
    expect(errorBody.parse(await response.json()).code).toBe('unsupported_type');
    expect(await app.files()).toEqual(before);
  });
});
