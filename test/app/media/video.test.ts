import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { blobOf, ffmpeg, VIDEO_MAKERS } from '../../support/media/videos.ts';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off' });
  aino = await app.admin();
  await app.work();
});
afterAll(() => app[Symbol.asyncDispose]());

async function keep(bytes: Uint8Array, name: string): Promise<MediaItem> {
  const response = await aino.upload(blobOf(bytes), name);
  expect(response.status, await response.clone().text()).toBe(201);
  return mediaItem.parse(await response.json());
}
const get = async (id: string) => mediaItem.parse(await (await aino.request(`/api/media/${id}`)).json());
async function settled(id: string): Promise<MediaItem> {
  await expect.poll(async () => (await get(id)).state).not.toBe('processing');
  return get(id);
}
const bytesOf = async (url: string | null) =>
  Buffer.from(await (await aino.request(url ?? '')).arrayBuffer());

describe('a video', () => {
  it('is kept at once and gets its poster, thumbnail and placeholder', async () => {
    const item = await keep(VIDEO_MAKERS.mp4(), 'clip.mp4');
    expect(item).toMatchObject({
      kind: 'video',
      mime: 'video/mp4',
      width: 320,
      height: 180,
      hasAudio: true,
      state: 'processing',
      stages: [{ stage: 'thumbnail', state: 'pending', failure: null }],
    });
    expect(item.durationMs).toBeGreaterThan(900);
    expect(item.durationMs).toBeLessThan(1100);
    const ready = await settled(item.id);
    expect(ready).toMatchObject({ state: 'ready', stages: [], playbackUrl: null });
    const thumb = await sharp(await bytesOf(ready.thumbUrl)).metadata();
    expect([thumb.format, thumb.width, thumb.height]).toEqual(['webp', 320, 180]);
    expect(await sharp(await bytesOf(ready.posterUrl)).metadata()).toMatchObject({ format: 'webp' });
    expect(ready.thumbHash).not.toBeNull();
  });

  it.each(['webm', 'vp9'] as const)('as %s plays as it is', async (kind) => {
    const item = await settled((await keep(VIDEO_MAKERS[kind](), 'clip.webm')).id);
    expect(item).toMatchObject({ mime: 'video/webm', state: 'ready', hasAudio: false, playbackUrl: null });
  });

  it.each(['mp4', 'webm'] as const)('of AV1 in %s plays as it is', async (container) => {
    const item = await settled((await keep(VIDEO_MAKERS.av1(container), `clip.${container}`)).id);
    expect(item).toMatchObject({ mime: `video/${container}`, state: 'ready', width: 320, playbackUrl: null });
    expect(await sharp(await bytesOf(item.posterUrl)).metadata()).toMatchObject({ format: 'webp' });
  });

  it.each(['mov', 'hevc'] as const)('as %s gets an MP4 that every browser plays', async (kind) => {
    const bytes = VIDEO_MAKERS[kind]();
    const item = await settled((await keep(bytes, 'clip.mov')).id);
    expect(item).toMatchObject({ mime: 'video/quicktime', state: 'ready', failure: null });
    const again = await keep(await bytesOf(item.playbackUrl), 'playback.mp4');
    expect(again).toMatchObject({ mime: 'video/mp4', width: 320, height: 180 });
    expect((await settled(again.id)).playbackUrl).toBeNull();
    expect((await bytesOf(item.url)).length).toBe(bytes.length);
  });

  it('is as wide and high as it is shown', async () => {
    const upright = VIDEO_MAKERS.silentMp4();
    const matrix = upright.indexOf('tkhd');
    // The display matrix of the track header (ISO/IEC 14496-12 §8.3.2), turned by 90 degrees. It is
    // [0 1 0, -1 0 0, 0 0 1].
    const at = matrix + 4 + 4 + 20 + 16;
    const turn = [0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000];
    for (const [i, value] of turn.entries()) upright.writeInt32BE(value, at + i * 4);
    const item = await settled((await keep(upright, 'portrait.mp4')).id);
    expect([item.width, item.height]).toEqual([180, 320]);
    const thumb = await sharp(await bytesOf(item.thumbUrl)).metadata();
    expect([thumb.width, thumb.height]).toEqual([180, 320]);
  });

  it('is not shown by a black frame when it has others', async () => {
    const bytes = ffmpeg(
      [
        ['-f', 'lavfi', '-i', 'color=black:s=160x120:r=10:d=4'],
        ['-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=10:d=3'],
        ['-filter_complex', '[0][1]concat', '-c:v', 'libx264', '-pix_fmt', 'yuv420p'],
      ].flat(),
      'mp4',
    );
    const item = await settled((await keep(bytes, 'dark.mp4')).id);
    const { channels } = await sharp(await bytesOf(item.posterUrl)).stats();
    expect(Math.max(...channels.map(({ mean }) => mean))).toBeGreaterThan(60);
  });

  it('can be copied as a PNG of its poster', async () => {
    const item = await keep(VIDEO_MAKERS.silentMp4(), 'copy.mp4');
    await settled(item.id);
    const response = await aino.request(`/api/media/${item.id}/clipboard`);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(await sharp(await response.arrayBuffer()).metadata()).toMatchObject({ format: 'png', width: 320 });
  });

  it('of sound alone is refused', async () => {
    const bytes = ffmpeg(['-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac'], 'mp4');
    const response = await aino.upload(blobOf(bytes), 'song.mp4');
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: 'unsupported_type' });
  });
});

describe('without ffmpeg', () => {
  it('videos are refused with a sentence and pictures are kept', async () => {
    await using bare = await createTestApp({ OCR: 'off', FFMPEG_PATH: '/nonexistent/ffmpeg' });
    const visitor = await bare.admin();
    const response = await visitor.upload(blobOf(VIDEO_MAKERS.silentMp4()), 'clip.mp4');
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({
      code: 'video_unsupported',
      message: expect.stringContaining('ffmpeg'),
    });
    expect(await bare.files()).toEqual([]);
  });
});
