import { orientationOf, orientationOnly } from './exif-orientation.ts';
import { MalformedFile, pieceList, readExactly, type ByteSource, type Piece } from './byte-ranges.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;
const APP15 = 0xef;
const COM = 0xfe;
const EXIF = 'Exif\0\0';

/**
 * Returns the pieces of a JPEG without metadata.
 *
 * Of the application segments, JFIF, the ICC profile and Adobe's colour transform stay. Comments
 * go, and so do all bytes after the picture (a phone's second picture, a hidden archive). A rotated
 * photo keeps its orientation in an EXIF of 26 bytes. Coded pixels are copied unchanged. ITU T.81
 * annex B.
 */
export async function cleanJpeg(source: ByteSource): Promise<Piece[]> {
  const out = pieceList();
  out.keep(0, 2);
  let at = 2;
  for (;;) {
    const marker = await markerAt(source, at);
    if (marker.code === EOI) {
      out.keep(marker.start, marker.start + 2);
      return out.pieces;
    }
    if (marker.code === SOI) throw new MalformedFile('a picture within the picture');
    const length = (await readExactly(source, marker.start + 2, 2)).readUInt16BE();
    if (length < 2) throw new MalformedFile('a segment of no length');
    const end = marker.start + 2 + length;
    if (await isKept(source, marker.code, marker.start + 4)) out.keep(marker.start, end);
    else if (marker.code === APP1) {
      const turned = await turnedBy(source, marker.start + 4, length - 2);
      if (turned > 1) out.put(exifSegment(turned));
    }
    at = end;
    if (marker.code === SOS) {
      // Continue after the entropy-coded data.
      const { start } = await markerAt(source, at);
      out.keep(at, start);
      at = start;
    }
  }
}

/**
 * Tells whether to skip a code. Skipped are stuffed and fill bytes and standalone markers: restarts
 * within a scan, nonsense elsewhere. ITU T.81 B.1.1.3
 */
const isPassedOver = (code: number) =>
  code === 0x00 || code === 0xff || code === 0x01 || (code >= 0xd0 && code <= 0xd7);

/**
 * Finds the next marker with a segment, or the end. Skips bytes without a promise for each: a
 * picture may consist of little else.
 */
async function markerAt(source: ByteSource, from: number): Promise<{ start: number; code: number }> {
  for (let at = from; ;) {
    const bytes = await source.ahead(at);
    for (let i = bytes.indexOf(0xff); i >= 0 && i + 1 < bytes.length; i = bytes.indexOf(0xff, i + 1)) {
      const code = bytes[i + 1] ?? 0;
      if (!isPassedOver(code)) return { start: at + i, code };
    }
    if (bytes.length < 2) throw new MalformedFile('the picture breaks off');
    at += bytes.length - 1;
  }
}

async function isKept(source: ByteSource, code: number, payload: number): Promise<boolean> {
  if (code === COM) return false;
  if (code < APP0 || code > APP15) return true;
  const name = (await source.read(payload, 12)).toString('latin1');
  if (code === APP0) return name.startsWith('JFIF\0');
  if (code === APP2) return name === 'ICC_PROFILE\0';
  return code === APP14 && name.startsWith('Adobe');
}

async function turnedBy(source: ByteSource, payload: number, length: number): Promise<number> {
  const bytes = await source.read(payload, length);
  return bytes.toString('latin1', 0, EXIF.length) === EXIF ? orientationOf(bytes.subarray(EXIF.length)) : 1;
}

function exifSegment(orientation: number): Buffer {
  const payload = Buffer.concat([Buffer.from(EXIF, 'latin1'), orientationOnly(orientation)]);
  const header = Buffer.from([0xff, APP1, 0, 0]);
  header.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([header, payload]);
}
