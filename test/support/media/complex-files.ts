import { mp4Box, PNG_SIGNATURE, pngChunk } from './specimens.ts';

/**
 * Files of a few megabytes whose structure is the attack: more parts than any honest file has. Each
 * parser of the app gets one. `megabytes` (10^6) is the approximate size.
 */
export const COMPLEX_MAKERS = {
  'MP4 of empty boxes within 20 tracks': (megabytes) => {
    const boxes = repeated(mp4Box('udta'), (megabytes * 1e6) / 20);
    const tracks = Array.from({ length: 20 }, () => mp4Box('trak', boxes));
    return Buffer.concat([MP4_START, mp4Box('moov', ...tracks)]);
  },
  'MP4 of empty boxes side by side': (megabytes) =>
    Buffer.concat([MP4_START, mp4Box('moov'), repeated(mp4Box('free'), megabytes * 1e6)]),
  'MOV of empty boxes within a track': (megabytes) =>
    mp4Box('moov', mp4Box('trak', mp4Box('mdia', repeated(mp4Box('free'), megabytes * 1e6)))),
  'JPEG of empty comments': (megabytes) =>
    Buffer.concat([JPEG_START, repeated(Buffer.from([0xff, 0xfe, 0, 2]), megabytes * 1e6)]),
  'JPEG of empty segments that stay, each behind one that goes': (megabytes) =>
    Buffer.concat([JPEG_START, repeated(Buffer.from([0xff, 0xdb, 0, 2, 0xff, 0xfe, 0, 2]), megabytes * 1e6)]),
  'PNG of empty chunks': (megabytes) =>
    Buffer.concat([PNG_START, repeated(pngChunk('tEXt', Buffer.alloc(0)), megabytes * 1e6)]),
  'PNG of empty image data, each chunk behind one that goes': (megabytes) =>
    Buffer.concat([
      PNG_START,
      repeated(
        Buffer.concat([pngChunk('IDAT', Buffer.alloc(0)), pngChunk('tEXt', Buffer.alloc(0))]),
        megabytes * 1e6,
      ),
    ]),
  'GIF of empty comments': (megabytes) =>
    Buffer.concat([GIF_START, repeated(Buffer.from([0x21, 0xfe, 0]), megabytes * 1e6)]),
  'GIF of frames of nothing': (megabytes) =>
    Buffer.concat([
      GIF_START,
      repeated(Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 0]), megabytes * 1e6),
    ]),
  'WebP of empty chunks': (megabytes) => {
    const chunks = repeated(Buffer.from('junk\0\0\0\0', 'latin1'), megabytes * 1e6);
    const head = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
    head.writeUInt32LE(4 + chunks.length, 4);
    return Buffer.concat([head, chunks]);
  },
  'AVIF of empty boxes': (megabytes) =>
    Buffer.concat([AVIF_START, repeated(mp4Box('free'), megabytes * 1e6)]),
  'AVIF of a million item entries': (megabytes) =>
    Buffer.concat([
      AVIF_START,
      avifMeta(
        mp4Box('iinf', Buffer.alloc(6), repeated(mp4Box('infe'), Math.min(megabytes, 3.9) * 1e6)),
        mp4Box('iloc', Buffer.alloc(8)),
      ),
    ]),
  'AVIF of extents that take no byte': () => {
    return Buffer.concat([
      AVIF_START,
      avifMeta(
        mp4Box('iinf', Buffer.from([0, 0, 0, 0, 0, 1]), exifItem(1)),
        mp4Box('iloc', NO_SIZES, repeated(EMPTY_EXTENTS, 65_535 * EMPTY_EXTENTS.length)),
      ),
    ]);
  },
  'HEIC of empty boxes': (megabytes) =>
    Buffer.concat([HEIC_START, repeated(mp4Box('free'), megabytes * 1e6)]),
  'HEIC of a million properties': (megabytes) =>
    Buffer.concat([
      HEIC_START,
      avifMeta(mp4Box('iprp', mp4Box('ipco', repeated(mp4Box('free'), megabytes * 1e6)))),
    ]),
  'HEIC of a million associations': (megabytes) =>
    Buffer.concat([HEIC_START, avifMeta(mp4Box('iprp', mp4Box('ipma', Buffer.alloc(megabytes * 1e6))))]),
  'HEIC of extents that take no byte': () =>
    Buffer.concat([
      HEIC_START,
      avifMeta(
        mp4Box('iinf', Buffer.from([0, 0, 0, 0, 0, 1]), exifItem(1)),
        mp4Box('iloc', NO_SIZES, repeated(EMPTY_EXTENTS, 65_535 * EMPTY_EXTENTS.length)),
      ),
    ]),
  'WebM of empty elements': (megabytes) =>
    Buffer.concat([
      Buffer.from('\u001a\u0045\u00df\u00a3\u0087\u0042\u0082\u0084webm', 'latin1'),
      repeated(Buffer.from([0xec, 0x80]), megabytes * 1e6),
    ]),
} as const satisfies Record<string, (megabytes: number) => Buffer>;

const MP4_START = mp4Box('ftyp', Buffer.from('isom\0\0\u0002\0isomiso2'));
const HEIC_START = mp4Box('ftyp', Buffer.from('heic\0\0\0\0heicmif1'));
/** Item 1, in this file, with 65,535 extents. */
const EMPTY_EXTENTS = Buffer.from([0, 1, 0, 0, 0xff, 0xff]);
/** Header of item locations: offsets, lengths and bases take no byte; 65,535 items. */
const NO_SIZES = Buffer.from([0, 0, 0, 0, 0, 0, 0xff, 0xff]);
const AVIF_START = mp4Box('ftyp', Buffer.from('avif\0\0\0\0avifmif1'));
const JPEG_START = Buffer.from([0xff, 0xd8]);
const GIF_START = Buffer.from('GIF89a\u0001\0\u0001\0\0\0\0', 'latin1');

const header = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 0, 0, 0, 0]);
const PNG_START = Buffer.concat([PNG_SIGNATURE, pngChunk('IHDR', header)]);

const avifMeta = (...parts: Buffer[]) => mp4Box('meta', Buffer.alloc(4), ...parts);
const exifItem = (id: number) =>
  mp4Box('infe', Buffer.from([2, 0, 0, 0, 0, id, 0, 0]), Buffer.from('Exif\0\0', 'latin1'));

/** Repeats the part up to about this many bytes. */
function repeated(part: Buffer, bytes: number): Buffer {
  return Buffer.alloc(Math.floor(bytes / part.length) * part.length, part);
}
