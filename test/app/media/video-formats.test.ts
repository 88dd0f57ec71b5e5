import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { createFfmpeg } from '../../../app/media/ffmpeg/ffmpeg.ts';
import { probeVideo } from '../../../app/media/formats/video.ts';
import { toSdr } from '../../../app/media/formats/tone-map-table.ts';
import { caseFile, expectLooksLike } from '../../support/cases.ts';
import { useProcessingApp } from '../../support/servers/processing-app.ts';
import { captionInput, SECRET_PLACE } from '../../support/media/traced-videos.ts';
import { blobOf, ffmpeg, pattern, VIDEO_MAKERS } from '../../support/media/videos.ts';

const rig = useProcessingApp();

async function ready(bytes: Uint8Array, name: string): Promise<MediaItem> {
  const response = await rig.aino.upload(blobOf(bytes), name);
  expect(response.status, await response.clone().text()).toBe(201);
  const { id } = mediaItem.parse(await response.json());
  const get = async () => mediaItem.parse(await (await rig.aino.request(`/api/media/${id}`)).json());
  await expect.poll(async () => (await get()).state).not.toBe('processing');
  const item = await get();
  expect(item).toMatchObject({ state: 'ready', failure: null });
  return item;
}
const bytesOf = async (url: string | null) =>
  Buffer.from(await (await rig.aino.request(url ?? '')).arrayBuffer());

let files = 0;
async function probeOf(bytes: Uint8Array, format: 'mp4' | 'mov' | 'webm', command = 'ffmpeg') {
  const path = join(rig.folder, `file-${(files += 1)}`);
  await writeFile(path, bytes);
  return probeVideo(createFfmpeg(command), path, format, rig.folder);
}

type Colour = readonly number[];
/**
 * Reads the colour at a share of a picture's width, at half its height. Channels are red, green,
 * blue and, if present, alpha.
 */
async function colourAt(picture: Buffer, share: number): Promise<Colour> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(info.height / 2) * info.width + Math.floor(info.width * share)) * info.channels;
  return [...data.subarray(at, at + info.channels)];
}

/** Returns the first frame of a video as a PNG, decoded by ffmpeg. */
async function frameOf(video: Buffer): Promise<Buffer> {
  const path = join(rig.folder, `frame-${(files += 1)}`);
  await writeFile(path, video);
  return ffmpeg(['-i', path, '-frames:v', '1'], 'png');
}

describe('MPEG-4 Part 2', () => {
  it.each(['mp4', 'mov'] as const)(
    'in %s is kept and gets an H.264 that every browser plays',
    async (type) => {
      const source = 'smptebars=s=320x240:r=15:d=1';
      const bytes = ffmpeg(['-f', 'lavfi', '-i', source, '-c:v', 'mpeg4', '-q:v', '2'], type);
      const item = await ready(bytes, `clip.${type}`);
      expect(item).toMatchObject({ width: 320, height: 240, durationMs: 1000 });
      const playback = await bytesOf(item.playbackUrl);
      expect(await probeOf(playback, 'mp4')).toMatchObject({ videoCodec: 'h264', isPlain420: true });
      const [was, is] = [await frameOf(bytes), await frameOf(playback)];
      for (const share of [0.07, 0.3, 0.65])
        expectNear(await colourAt(is, share), await colourAt(was, share), 12);
    },
  );
});

function expectNear(actual: Colour, wanted: Colour, tolerance: number): void {
  for (const [i, value] of wanted.entries())
    expect(
      Math.abs((actual[i] ?? NaN) - value),
      `${actual.join()} is not near ${wanted.join()}`,
    ).toBeLessThan(tolerance);
}

/**
 * Makes an HDR video, in the code values of its transfer curve. The left half is the white of an
 * ordinary picture, the right half a middle grey.
 */
function hdrVideo(transfer: 'smpte2084' | 'arib-std-b67', [white, grey]: readonly [number, number]): Buffer {
  const code = (signal: number) => Math.round(64 + 876 * signal);
  const halves = `geq=lum='if(lt(X,W/2),${code(white)},${code(grey)})':cb=512:cr=512`;
  return ffmpeg(
    [
      ['-f', 'lavfi', '-i', 'color=s=320x180:r=10:d=1', '-vf', `format=yuv420p10le,${halves}`],
      ['-c:v', 'libx265', '-preset', 'ultrafast', '-tag:v', 'hvc1', '-x265-params'],
      [`log-level=none:colorprim=bt2020:transfer=${transfer}:colormatrix=bt2020nc:range=limited`],
      ['-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc'],
    ].flat(),
    'mp4',
  );
}

describe('HDR', () => {
  // 203 and 26 cd/m² in both curves: ITU-R BT.2408 table 1 for white, BT.2100 for the grey.
  it.each([
    ['PQ', 'smpte2084', [0.58, 0.38]],
    ['HLG', 'arib-std-b67', [0.75, 0.38]],
  ] as const)(
    'of %s is tone-mapped in thumbnail, poster and playback, which is tagged BT.709',
    async (_n, transfer, signal) => {
      const bytes = hdrVideo(transfer, signal);
      const item = await ready(bytes, 'hdr.mp4');
      const range = transfer === 'smpte2084' ? 'pq' : 'hlg';
      const screen = (value: number) => toSdr([value, value, value], range).map((part) => part * 255);
      const playback = await bytesOf(item.playbackUrl);
      const pictures = [await bytesOf(item.posterUrl), await bytesOf(item.thumbUrl), await frameOf(playback)];
      for (const picture of pictures) {
        expectNear(await colourAt(picture, 0.25), screen(signal[0]), 10);
        expectNear(await colourAt(picture, 0.75), screen(signal[1]), 10);
      }
      expect(await probeOf(bytes, 'mp4')).toMatchObject({ range, isPlain420: false });
      expect(await probeOf(playback, 'mp4')).toMatchObject({ range: 'sdr', isPlain420: true });
      expect(colourBoxOf(playback)).toEqual([1, 1, 1]);
    },
  );

  it('made by an encoder looks like the same scene made without HDR', async () => {
    const item = await ready(await readFile(caseFile('hdr-pq.mp4')), 'scene.mp4');
    const expected = await readFile(caseFile('hdr-pq.expected.png'));
    // Without tone mapping they differ by 88.
    await expectLooksLike(await bytesOf(item.posterUrl), expected, 24);
    await expectLooksLike(await bytesOf(item.thumbUrl), expected, 24);
    await expectLooksLike(await frameOf(await bytesOf(item.playbackUrl)), expected, 24);
  });

  it('white is nearly the white of an ordinary picture, and brighter light is brighter', () => {
    const [white, bright, peak] = [0.58, 0.65, 0.7518].map((v) => toSdr([v, v, v], 'pq')[0] * 255);
    expect(white).toBeGreaterThan(235);
    expect(bright).toBeGreaterThan((white ?? 0) + 3);
    expect(peak).toBeGreaterThan((bright ?? 0) + 2);
    expect(toSdr([0, 0, 0], 'pq')).toEqual([0, 0, 0]);
    expect(toSdr([0, 0, 0], 'hlg')).toEqual([0, 0, 0]);
  });
});

/** Returns primaries, transfer and matrix of the `colr` box (ISO/IEC 23091-2: 1 is BT.709). */
function colourBoxOf(mp4: Buffer): number[] {
  const at = mp4.indexOf('colrnclx');
  expect(at).toBeGreaterThan(0);
  return [8, 10, 12].map((offset) => mp4.readUInt16BE(at + offset));
}

describe('a transparent WebM', () => {
  /** Opaque red in the left half; transparent green in the right half. */
  const transparent = (coder: 'libvpx' | 'libvpx-vp9') =>
    ffmpeg(
      [
        ['-f', 'lavfi', '-i', 'color=red:s=320x180:r=10:d=1'],
        [
          '-vf',
          "format=yuva444p,geq=lum='if(lt(X,W/2),81,145)':cb='if(lt(X,W/2),90,54)':cr='if(lt(X,W/2),240,34)':a='if(lt(X,W/2),255,0)'",
        ],
        [
          '-pix_fmt',
          'yuva420p',
          '-c:v',
          coder,
          '-auto-alt-ref',
          '0',
          '-b:v',
          '400k',
          '-deadline',
          'realtime',
        ],
      ].flat(),
      'webm',
    );

  it.each(['libvpx', 'libvpx-vp9'] as const)('of %s stays transparent, in its poster too', async (coder) => {
    const item = await ready(transparent(coder), 'clear.webm');
    const poster = await bytesOf(item.posterUrl);
    expectNear(await colourAt(poster, 0.25), [255, 0, 0, 255], 30);
    expectNear((await colourAt(poster, 0.75)).slice(3), [0], 10);
    // A thumbnail has an opaque background; the transparent green is not visible.
    const [, green = 0, blue = 0] = await colourAt(await bytesOf(item.thumbUrl), 0.75);
    expect(Math.abs(green - blue)).toBeLessThan(20);
    expect(await probeOf(await bytesOf(item.url), 'webm')).toMatchObject({ alphaDecoder: coder });
  });

  it('is told from an opaque one', async () => {
    expect(await probeOf(VIDEO_MAKERS.webm(), 'webm')).toMatchObject({ alphaDecoder: null, range: 'sdr' });
  });
});

describe('a video of an old phone', () => {
  it('loses its captions and keeps the coder that MP4 has no place for', async () => {
    const bytes = ffmpeg(
      [
        ['-f', 'lavfi', '-i', pattern({ size: '352x288' }), ...captionInput()],
        ['-map', '0', '-map', '1', '-c:v', 'h263', '-c:s', 'mov_text', '-f', '3gp'],
      ].flat(),
      'mp4',
    );
    expect(bytes.includes(SECRET_PLACE)).toBe(true);
    const item = await ready(bytes, 'old.3gp');
    const original = await bytesOf(item.url);
    expect(original.includes(SECRET_PLACE)).toBe(false);
    expect(original.toString('latin1', 4, 12)).toBe('ftypisom');
    expect(await probeOf(original, 'mp4')).toMatchObject({ videoCodec: 'h263', durationMs: 1000 });
    expect(item.playbackUrl).not.toBeNull();
  });
});

describe('an ffmpeg that refuses every file', () => {
  const program = async (lines: string): Promise<string> => {
    const path = join(rig.folder, `program-${(files += 1)}`);
    await writeFile(path, `#!/bin/sh\n${lines}\n`);
    await chmod(path, 0o755);
    return path;
  };
  const codeOf = (probing: Promise<unknown>) =>
    probing.then(
      () => 'success',
      (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
    );

  it('is the server’s trouble, and a damaged file is the file’s', async () => {
    const good = VIDEO_MAKERS.silentMp4();
    const unusable = await program('echo "Unrecognized option" >&2; exit 1');
    expect(await codeOf(probeOf(good, 'mp4', unusable))).toBe('unavailable');
    expect(await codeOf(probeOf(good.subarray(0, good.length / 2), 'mp4'))).toBe('broken_file');
  });

  it('because of the input, whatever it calls it, is not taken for a full disk', async () => {
    // Fails as on a damaged input, but accepts the known good one.
    const command = await program(
      'case "$*" in *specimen*) exec ffmpeg "$@" ;; esac; echo "file: Input/output error" >&2; exit 1',
    );
    expect(await codeOf(probeOf(VIDEO_MAKERS.webm(), 'webm', command))).toBe('broken_file');
    const full = await program('echo "Error writing trailer: No space left on device" >&2; exit 1');
    expect(await codeOf(probeOf(VIDEO_MAKERS.webm(), 'webm', full))).toBe('unavailable');
  });
});

describe('a video is measured by its packets', () => {
  it.each([
    ['a length the header makes up', { seconds: 1, rate: 15 }],
    ['a slow one', { seconds: 3, rate: 2 }],
  ])('%s', async (_name, { seconds, rate }) => {
    const bytes = VIDEO_MAKERS.silentMp4(pattern({ seconds, rate }));
    bytes.writeUInt32BE(0x0fffffff, bytes.indexOf('mvhd') + 4 + 16);
    const probe = await probeOf(bytes, 'mp4');
    expect(Math.abs(probe.durationMs - seconds * 1000)).toBeLessThan(5);
  });

  it('and its words are no part of it: a title that reads like an error', async () => {
    const title = 'Input/output error No space left on device';
    const bytes = ffmpeg(
      [
        '-f',
        'lavfi',
        '-i',
        pattern(),
        '-c:v',
        'libvpx',
        '-deadline',
        'realtime',
        '-metadata',
        `title=${title}`,
      ],
      'webm',
    );
    expect(await ready(bytes, 'title.webm')).toMatchObject({ kind: 'video' });
  });
});
