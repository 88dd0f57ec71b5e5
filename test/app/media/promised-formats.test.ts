import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { FORMAT_LABELS } from '../../../app/media/formats/formats.limits.ts';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { caseFile, expectLooksLike } from '../../support/cases.ts';
import { hdrPng } from '../../support/media/hdr-png.ts';
import { blobOf, ffmpeg } from '../../support/media/videos.ts';
import { useProcessingApp } from '../../support/servers/processing-app.ts';

// Takes one file for every row of the format table in docs/media.md. The upload is accepted and all
// stages finish. The test then compares picture and sound.

const rig = useProcessingApp();

/** Colour bars, which every encoder preserves. */
const BARS = ['-f', 'lavfi', '-i', 'smptebars=s=320x240:r=10:d=1'];
const TONE = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=1'];
const bars = () => ffmpeg([...BARS, '-frames:v', '1'], 'png');
const still = async () => sharp(bars());

/** The bars, then their negative: an encoder merges two equal frames. */
async function animatedWebp(): Promise<Buffer> {
  const negative = await (await still()).negate().png().toBuffer();
  return sharp([bars(), negative], { join: { animated: true } })
    .webp({ delay: [100, 200] })
    .toBuffer();
}

type Make = () => Buffer | Promise<Buffer>;
interface Promised {
  make: Make;
  mime: string;
  kind?: MediaItem['kind'];
  /** The expected picture, without the bars. */
  shows?: () => Buffer | Promise<Buffer>;
  sound?: boolean;
}

const video = (extension: string, codec: string[], sound: string[] = []): Make => {
  const audio = sound.length > 0 ? [...TONE, '-shortest', ...sound] : [];
  return () =>
    ffmpeg([...BARS, ...audio.slice(0, 4), ...codec, ...audio.slice(4), '-strict', '-2'], extension);
};
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const HEVC = '-c:v libx265 -preset ultrafast -pix_fmt yuv420p -x265-params log-level=none -tag:v hvc1'.split(
  ' ',
);
const AV1 = ['-c:v', 'libsvtav1', '-preset', '12', '-pix_fmt', 'yuv420p'];
const VP8 = ['-c:v', 'libvpx', '-b:v', '400k', '-deadline', 'realtime'];
const VP9 = ['-c:v', 'libvpx-vp9', '-b:v', '400k', '-deadline', 'realtime', '-pix_fmt', 'yuv420p'];
const MPEG4 = ['-c:v', 'mpeg4', '-q:v', '3'];
const of = (mime: string, make: Make, rest: Partial<Promised> = {}): Promised => ({ mime, make, ...rest });
const mp4 = (codec: string[], sound: string[] = []) =>
  of('video/mp4', video('mp4', codec, sound), { kind: 'video', sound: sound.length > 0 });
const mov = (codec: string[], sound: string[] = []) =>
  of('video/quicktime', video('mov', codec, sound), { kind: 'video', sound: sound.length > 0 });
const webm = (codec: string[], sound: string[] = []) =>
  of('video/webm', video('webm', codec, sound), { kind: 'video', sound: sound.length > 0 });
const animation = { kind: 'animation' } as const;

/** Keys are `format: coding` of the table. */
const PROMISED: Record<string, Promised> = {
  'JPEG: baseline': of('image/jpeg', async () => (await still()).jpeg().toBuffer()),
  'JPEG: progressive': of('image/jpeg', async () => (await still()).jpeg({ progressive: true }).toBuffer()),
  'PNG: still': of('image/png', bars),
  'PNG: animated': of('image/png', () => ffmpeg([...BARS, '-plays', '0', '-f', 'apng'], 'png'), animation),
  'PNG: HDR': of('image/png', async () => (await hdrPng()).tagged, {
    shows: () => readFile(caseFile('hdr-pq-avif.expected.png')),
  }),
  'GIF: still': of('image/gif', async () => (await still()).gif().toBuffer()),
  'GIF: animated': of('image/gif', () => ffmpeg(BARS, 'gif'), animation),
  'WebP: lossy': of('image/webp', async () => (await still()).webp().toBuffer()),
  'WebP: lossless': of('image/webp', async () => (await still()).webp({ lossless: true }).toBuffer()),
  'WebP: animated': of('image/webp', () => animatedWebp(), animation),
  'AVIF: still': of('image/avif', async () => (await still()).avif({ effort: 0 }).toBuffer()),
  'AVIF: animated': of('image/avif', () => readFile(caseFile('animated.avif')), {
    ...animation,
    shows: () =>
      sharp({ create: { width: 160, height: 120, channels: 3, background: '#ff0000' } })
        .png()
        .toBuffer(),
  }),
  'AVIF: HDR': of('image/avif', () => readFile(caseFile('hdr-pq.avif')), {
    shows: () => readFile(caseFile('hdr-pq-avif.expected.png')),
  }),
  'HEIC, HEIF: still': of('image/jpeg', () => readFile(caseFile('photo.heic')), {
    shows: () => readFile(caseFile('photo.expected.png')),
  }),
  'MP4: H.264': mp4(H264),
  'MP4: HEVC': mp4(HEVC),
  'MP4: AV1': mp4(AV1),
  'MP4: VP9': mp4(VP9),
  'MP4: MPEG-4 Part 2': mp4(MPEG4),
  'MP4: AAC': mp4(H264, ['-c:a', 'aac']),
  'MP4: MP3': mp4(H264, ['-c:a', 'libmp3lame']),
  'MP4: Opus': mp4(H264, ['-c:a', 'libopus']),
  'MP4: FLAC': mp4(H264, ['-c:a', 'flac']),
  'MP4: AC-3': mp4(H264, ['-c:a', 'ac3']),
  'MP4: ALAC': mp4(H264, ['-c:a', 'alac']),
  'MOV: H.264': mov(H264),
  'MOV: HEVC': mov(HEVC),
  'MOV: MPEG-4 Part 2': mov(MPEG4),
  'MOV: Motion JPEG': mov(['-c:v', 'mjpeg', '-q:v', '3', '-pix_fmt', 'yuvj420p']),
  'MOV: ProRes': mov(['-c:v', 'prores_ks', '-profile:v', '0']),
  'MOV: AAC': mov(H264, ['-c:a', 'aac']),
  'MOV: PCM': mov(H264, ['-c:a', 'pcm_s16le']),
  'MOV: ALAC': mov(H264, ['-c:a', 'alac']),
  'WebM: VP8': webm(VP8),
  'WebM: VP9': webm(VP9),
  'WebM: AV1': webm(AV1),
  'WebM: Opus': webm(VP8, ['-c:a', 'libopus']),
  'WebM: Vorbis': webm(VP8, ['-c:a', 'libvorbis']),
};

const get = async (id: string) => mediaItem.parse(await (await rig.aino.request(`/api/media/${id}`)).json());
const bytesOf = async (url: string) => Buffer.from(await (await rig.aino.request(url)).arrayBuffer());

/** Returns the peak volume, dB below full scale; silence is −91. */
async function loudest(bytes: Buffer, extension: string): Promise<number> {
  const path = join(rig.folder, `sound.${extension}`);
  await writeFile(path, bytes);
  const report = execFileSync(
    'sh',
    ['-c', 'ffmpeg -hide_banner -nostdin -i "$1" -map 0:a:0 -af volumedetect -f null - 2>&1', 'sh', path],
    { encoding: 'utf8' },
  );
  return Number(/max_volume: (-?[\d.]+) dB/.exec(report)?.[1] ?? Number.NaN);
}

/** Returns the middle frame of a video as a PNG. */
async function frameOf(bytes: Buffer, extension: string): Promise<Buffer> {
  const path = join(rig.folder, `frame.${extension}`);
  await writeFile(path, bytes);
  return ffmpeg(['-ss', '0.3', '-i', path, '-frames:v', '1'], 'png');
}

describe('the formats that docs/media.md promises', () => {
  it('are those of this test', async () => {
    const text = await readFile(join(import.meta.dirname, '../../../docs/media.md'), 'utf8');
    const section = text.slice(text.indexOf('## Formats'), text.indexOf('## Metadata'));
    const promised = section
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .slice(2)
      .flatMap((line) => {
        const [format = '', pictures = '', sound = ''] = line
          .split('|')
          .slice(1, 4)
          .map((cell) => cell.trim());
        const codings = [pictures, sound].flatMap((cell) => (cell === '' ? [] : cell.split(', ')));
        return codings.map((coding) => `${format}: ${coding}`);
      });
    expect(promised.toSorted()).toEqual(Object.keys(PROMISED).toSorted());
  });

  it('are those that the app accepts', () => {
    const labels = new Set(Object.keys(PROMISED).map((name) => /^\w+/.exec(name)?.[0]));
    expect([...labels].toSorted()).toEqual(FORMAT_LABELS.toSorted());
  });

  it.each(Object.entries(PROMISED))(
    '%s',
    async (_name, { make, mime, kind = 'image', shows = bars, sound = false }) => {
      const response = await rig.aino.upload(blobOf(await make()), 'meme');
      expect(response.status, await response.clone().text()).toBe(201);
      const { id } = mediaItem.parse(await response.json());
      await expect.poll(async () => (await get(id)).state).not.toBe('processing');
      const item = await get(id);
      const open = item.stages.filter(({ stage }) => stage !== 'text');
      expect({ ...item, stages: open }).toMatchObject({
        kind,
        mime,
        state: 'ready',
        stages: [],
        hasAudio: sound,
      });

      const expected = await shows();
      await expectLooksLike(await bytesOf(item.thumbUrl ?? ''), expected, 9);
      const original = await bytesOf(item.url);
      if (kind !== 'video') return;
      for (const [bytes, extension] of [
        [original, mime === 'video/quicktime' ? 'mov' : mime.slice('video/'.length)],
        ...(item.playbackUrl === null ? [] : [[await bytesOf(item.playbackUrl), 'mp4'] as const]),
      ] as const) {
        await expectLooksLike(await frameOf(bytes, extension), expected, 9);
        if (sound) expect(await loudest(bytes, extension)).toBeGreaterThan(-30);
      }
    },
  );
});
