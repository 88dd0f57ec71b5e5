import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../app/http/errors.schema.ts';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import {
  afterIhdr,
  animated,
  apng,
  gifOfFrames,
  handmadePng,
  jpegWith,
  MAKERS,
  mp4Box,
  PNG_SIGNATURE,
  pngChunk,
  smooth,
  zipOf,
  type Specimen,
} from '../../support/media/specimens.ts';
import { blobOf, ffmpeg, pattern, VIDEO_MAKERS } from '../../support/media/videos.ts';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ OCR: 'off', MAX_UPLOAD_MB: '20' });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());

type Make = () => Buffer | Promise<Buffer>;
type Outcome = ErrorCode | Partial<MediaItem>;
interface Row {
  what: string;
  make: Make;
  expected: Outcome;
  name?: string;
}

const html = Buffer.from(`<html><script>alert(${Math.random()})</script></html>`);
const cut = (kind: Specimen, share: number) => async () => {
  const whole = await MAKERS[kind]();
  return whole.subarray(0, share < 0 ? whole.length + share : Math.ceil(whole.length * share));
};
const junk = (signature: string) => () =>
  Buffer.concat([Buffer.from(signature, 'latin1'), randomBytes(3000)]);

/** Overwrites bytes of a file at an offset from a mark. */
const poke = (bytes: Buffer, mark: string, offset: number, ...values: number[]) => {
  const at = bytes.indexOf(mark, 0, 'latin1');
  expect(at, mark).toBeGreaterThanOrEqual(0);
  bytes.set(values, at + offset);
  return bytes;
};

const KINDS = [
  'jpeg',
  'progressive',
  'png',
  'gif',
  'webp',
  'losslessWebp',
  'animatedWebp',
  'avif',
  'silentMp4',
  'webm',
  'mov',
] as const;
const truncations: Row[] = KINDS.flatMap((kind) =>
  [0.2, 0.6, 0.95].map((share) => ({
    what: `${kind} cut at ${share * 100} %`,
    make: cut(kind, share),
    expected: 'broken_file' as const,
  })),
);

const headers: Row[] = [
  {
    what: 'PNG whose header has 4 rows more than its data',
    make: () => handmadePng(8, 12, 8),
    expected: 'broken_file',
  },
  { what: 'PNG of no width', make: () => handmadePng(0, 8), expected: 'broken_file' },
  {
    what: 'PNG that claims 100,000 × 100,000',
    make: () => handmadePng(100_000, 100_000, 2),
    expected: 'too_many_pixels',
  },
  {
    what: 'PNG with a chunk of 4 GB',
    make: async () => afterIhdr(await MAKERS.png(), Buffer.from('\u00ff\u00ff\u00ff\u00ffIDAT', 'latin1')),
    expected: 'broken_file',
  },
  {
    what: 'PNG with a wrong check sum',
    make: async () => poke(await MAKERS.png(), 'IDAT', 20, 1, 2, 3),
    expected: 'broken_file',
  },
  { what: 'PNG of nothing but its signature', make: () => PNG_SIGNATURE, expected: 'broken_file' },
  {
    what: 'JPEG that claims 60,000 × 60,000',
    make: async () => poke(await MAKERS.jpeg(), '\u00ff\u00c0', 5, 0xea, 0x60, 0xea, 0x60),
    expected: 'too_many_pixels',
  },
  {
    what: 'JPEG of no height',
    make: async () => poke(await MAKERS.jpeg(), '\u00ff\u00c0', 5, 0, 0),
    expected: 'broken_file',
  },
  {
    what: 'JPEG of nothing but its start',
    make: () => Buffer.from('\u00ff\u00d8\u00ff', 'latin1'),
    expected: 'broken_file',
  },
  {
    what: 'JPEG start with noise behind it',
    make: junk('\u00ff\u00d8\u00ff\u00e0\0\u0010JFIF\0'),
    expected: 'broken_file',
  },
  { what: 'GIF without a frame', make: () => gifOfFrames(0), expected: 'broken_file' },
  { what: 'GIF start with noise behind it', make: junk('GIF89a'), expected: 'broken_file' },
  {
    what: 'WebP start with noise behind it',
    make: junk('RIFF\u00b0\u000b\0\0WEBPVP8 '),
    expected: 'broken_file',
  },
  {
    what: 'AVIF without its meta box',
    make: () => mp4Box('ftyp', Buffer.from('avif\0\0\0\0avifmif1')),
    expected: 'broken_file',
  },
  {
    what: 'HEIC without a picture',
    make: () => Buffer.concat([mp4Box('ftyp', Buffer.from('heic\0\0\0\0mif1heic')), randomBytes(900)]),
    expected: 'broken_file',
  },
  {
    what: 'MP4 of nothing but its brand',
    make: () => mp4Box('ftyp', Buffer.from('isom\0\0\u0002\0isomiso2')),
    expected: 'broken_file',
  },
  {
    what: 'MP4 with an empty movie',
    make: () =>
      Buffer.concat([
        mp4Box('ftyp', Buffer.from('isom\0\0\u0002\0isomiso2')),
        mp4Box('moov'),
        randomBytes(20),
      ]),
    expected: 'broken_file',
  },
  {
    what: 'MP4 with a box longer than the file',
    make: () => poke(VIDEO_MAKERS.silentMp4(), 'mdat', -4, 0x7f, 0xff),
    expected: 'broken_file',
  },
  {
    what: 'MP4 with a box of length 4',
    make: () => poke(VIDEO_MAKERS.silentMp4(), 'trak', -4, 0, 0, 0, 4),
    expected: 'broken_file',
  },
  {
    what: 'MP4 without its movie box',
    make: () => poke(VIDEO_MAKERS.silentMp4(), 'moov', 0, 0x66, 0x72, 0x65, 0x65),
    expected: 'broken_file',
  },
  {
    what: 'MP4 of sound alone',
    make: () => ffmpeg(['-f', 'lavfi', '-i', 'sine=d=1', '-c:a', 'aac'], 'mp4'),
    expected: 'unsupported_type',
  },
  {
    what: 'WebM start with noise behind it',
    make: junk('\u001a\u0045\u00df\u00a3\u0087\u0042\u0082\u0084webm'),
    expected: 'broken_file',
  },
];

const foreign: Row[] = [
  { what: 'empty file', make: () => Buffer.alloc(0), expected: 'empty_file' },
  { what: 'one byte', make: () => Buffer.from([0xff]), expected: 'unsupported_type' },
  {
    what: '19 MB of restart markers in a JPEG',
    make: async () => {
      const whole = await MAKERS.jpeg();
      return Buffer.concat([whole.subarray(0, -2), Buffer.alloc(19_000_000, '\u00ff\u00d0', 'latin1')]);
    },
    expected: 'broken_file',
  },
  {
    what: 'zip bomb with a picture name',
    make: () => zipOf(30_000_000),
    expected: 'unsupported_type',
    name: 'holiday.png',
  },
  {
    what: 'SVG',
    make: () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    expected: 'unsupported_type',
    name: 'a.svg',
  },
  { what: 'HTML', make: () => html, expected: 'unsupported_type', name: 'a.jpg' },
  { what: 'PDF', make: junk('%PDF-1.7\n'), expected: 'unsupported_type', name: 'a.pdf' },
  { what: 'TIFF', make: async () => (await smooth()).tiff().toBuffer(), expected: 'unsupported_type' },
  { what: 'BMP', make: junk('BM'), expected: 'unsupported_type' },
  { what: 'Windows program', make: junk('MZ\u0090'), expected: 'unsupported_type', name: 'meme.png.exe' },
  { what: 'MP3', make: junk('ID3\u0003'), expected: 'unsupported_type' },
  {
    what: 'Matroska',
    make: () => ffmpeg(['-f', 'lavfi', '-i', pattern(), '-c:v', 'libx264'], 'mkv'),
    expected: 'unsupported_type',
  },
  {
    what: 'AVI',
    make: () => ffmpeg(['-f', 'lavfi', '-i', pattern(), '-c:v', 'mpeg4'], 'avi'),
    expected: 'unsupported_type',
  },
  {
    what: 'playlist that names a file of the server',
    make: () => Buffer.from('#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\nfile:///etc/passwd\n'),
    expected: 'unsupported_type',
    name: 'a.mp4',
  },
];

const odd: Row[] = [
  { what: '1 × 1 PNG', make: () => handmadePng(1, 1), expected: { width: 1, height: 1 } },
  { what: '30,000 × 1 PNG', make: () => handmadePng(30_000, 1), expected: { width: 30_000, height: 1 } },
  {
    what: '1 × 30,000 PNG',
    make: () => handmadePng(1, 30_000, 30_000),
    expected: { width: 1, height: 30_000 },
  },
  {
    what: 'GIF of 10,000 frames',
    make: () => gifOfFrames(10_000),
    expected: { kind: 'animation', durationMs: 200_000 },
  },
  { what: 'GIF of 20,000 frames', make: () => gifOfFrames(20_000), expected: 'too_many_frames' },
  {
    what: 'animated PNG',
    make: () => apng(4),
    expected: { kind: 'animation', durationMs: 1000, mime: 'image/png' },
  },
  {
    what: 'animated WebP',
    make: () => animated('webp', 5),
    expected: { kind: 'animation', durationMs: 500 },
  },
  {
    what: 'interlaced PNG',
    make: async () => (await smooth()).png({ progressive: true }).toBuffer(),
    expected: { kind: 'image' },
  },
  {
    what: '16-bit PNG',
    make: async () => (await smooth()).toColourspace('rgb16').png().toBuffer(),
    expected: { kind: 'image' },
  },
  {
    what: 'JPEG in CMYK',
    make: async () => (await smooth()).toColourspace('cmyk').jpeg().toBuffer(),
    expected: { kind: 'image' },
  },
  {
    what: 'JPEG in grey',
    make: async () => (await smooth()).toColourspace('b-w').jpeg().toBuffer(),
    expected: { kind: 'image' },
  },
  {
    what: 'GIF that is also a web page',
    make: async () => Buffer.concat([await animated('gif', 2), html]),
    expected: { kind: 'animation' },
  },
  {
    what: 'PNG that is also an archive',
    make: async () => Buffer.concat([await MAKERS.png(), zipOf(1000)]),
    expected: { kind: 'image' },
    name: 'a.zip',
  },
  {
    what: 'JPEG that is also an archive',
    make: async () => Buffer.concat([await MAKERS.jpeg(), zipOf(1000)]),
    expected: { kind: 'image' },
  },
  {
    what: 'JPEG with a web page as its comment',
    make: async () => jpegWith(await MAKERS.jpeg(), 0xfe, html),
    expected: { kind: 'image' },
  },
  {
    what: 'PNG with a web page as its text',
    make: async () =>
      afterIhdr(await MAKERS.png(), pngChunk('tEXt', Buffer.concat([Buffer.from('a\0'), html]))),
    expected: { kind: 'image' },
  },
  {
    what: 'MP4 that claims an hour',
    make: () => lyingMp4(3600),
    expected: { kind: 'video', durationMs: 1000 },
  },
  {
    what: 'MP4 with its index at the end',
    make: () => VIDEO_MAKERS.silentMp4(),
    expected: { kind: 'video' },
  },
  {
    what: 'MP4 with its index first',
    make: () =>
      ffmpeg(
        ['-f', 'lavfi', '-i', pattern(), '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
        'mp4',
      ),
    expected: { kind: 'video' },
  },
  {
    what: 'MP4 in fragments',
    make: () =>
      ffmpeg(
        [
          '-f',
          'lavfi',
          '-i',
          pattern(),
          '-c:v',
          'libx264',
          '-pix_fmt',
          'yuv420p',
          '-movflags',
          'frag_keyframe+empty_moov',
        ],
        'mp4',
      ),
    expected: { kind: 'video' },
  },
  {
    what: 'double extension',
    make: MAKERS.png,
    expected: { originalName: 'meme.jpg.php.png' },
    name: 'meme.jpg.php.png',
  },
  {
    what: 'right-to-left mark in the name',
    make: MAKERS.png,
    expected: { originalName: 'evilgnp.exe.png' },
    name: 'evil\u202egnp.exe.png',
  },
  { what: 'NUL in the name', make: MAKERS.png, expected: { originalName: 'nul.png' }, name: 'n\0ul.png' },
  {
    what: 'path in the name',
    make: MAKERS.png,
    expected: { originalName: 'passwd.png' },
    name: '../../etc/passwd.png',
  },
  {
    what: '300 characters of name',
    make: MAKERS.png,
    expected: { originalName: 'x'.repeat(200) },
    name: `${'x'.repeat(300)}.png`,
  },
];

/** Makes an MP4 whose headers claim this duration (mvhd, tkhd, mdhd of version 0). */
function lyingMp4(seconds: number): Buffer {
  const bytes = VIDEO_MAKERS.silentMp4();
  const movie = bytes.indexOf('mvhd');
  const scale = bytes.readUInt32BE(movie + 16);
  bytes.writeUInt32BE(scale * seconds, movie + 20);
  bytes.writeUInt32BE(scale * seconds, bytes.indexOf('tkhd') + 24);
  const media = bytes.indexOf('mdhd');
  bytes.writeUInt32BE(bytes.readUInt32BE(media + 16) * seconds, media + 20);
  const edits = bytes.indexOf('elst');
  if (edits > 0) bytes.writeUInt32BE(scale * seconds, edits + 12);
  return bytes;
}

const state = async () => ({
  files: await app.files(),
  rows: (await app.deps.db.selectFrom('media').select('id').orderBy('id').execute()).map(({ id }) => id),
});

const table = [...truncations, ...headers, ...foreign, ...odd];

describe(`${table.length} hostile and broken files`, () => {
  it.each(table)('$what', async ({ make, expected, name = 'meme.png' }) => {
    const before = await state();
    const response = await aino.upload(blobOf(await make(), 'image/png'), name);
    const body: unknown = await response.json();
    if (typeof expected === 'string') {
      expect(errorBody.parse(body)).toMatchObject({
        code: expected,
        message: expect.stringMatching(/^[A-Z].*\.$/s),
      });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      expect(await state()).toEqual(before);
      return;
    }
    expect(response.status, JSON.stringify(body)).toBe(201);
    const item = mediaItem.parse(body);
    expect(item).toMatchObject(expected);
    const after = await state();
    expect(after.rows.length).toBe(before.rows.length + 1);
    expect(after.files.length).toBe(before.files.length + (item.kind === 'video' ? 1 : 2));
    const kept = Buffer.from(await (await aino.request(item.url)).arrayBuffer());
    expect(kept.includes('<script>')).toBe(false);
    expect(kept.includes('PK\u0003\u0004')).toBe(false);
    if (item.kind !== 'video') await sharp(kept).stats();
  });
});
