import { crc32 } from 'node:zlib';
import { frameDelayMs } from '../formats/frame-delay.ts';
import { orientationOf, orientationOnly } from './exif-orientation.ts';
import { MalformedFile, pieceList, readExactly, type ByteSource, type Piece } from './byte-ranges.ts';

/**
 * Chunks that decide how the picture looks or moves. Text, EXIF, times and private chunks go. PNG
 * Third Edition §11, https://www.w3.org/TR/png-3/#11Chunks
 */
const KEPT_CHUNKS = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT'.split(
    ' ',
  ),
);
const SIGNATURE_BYTES = 8;
const HEADER_BYTES = 8;
const CRC_BYTES = 4;
/** Maximum EXIF of a photo; a larger chunk is not read. */
const MAX_EXIF_BYTES = 1 << 20;

export interface PngInfo {
  /** Duration of an animated PNG in milliseconds, null for a still. */
  durationMs: number | null;
  interlaced: boolean;
  /** The default image is not a frame of the animation: no APNG viewer shows it. */
  hidesDefault: boolean;
}

/** Returns the pieces of a PNG without metadata and without bytes after its end. */
export async function cleanPng(source: ByteSource): Promise<{ pieces: Piece[]; info: PngInfo }> {
  const out = pieceList();
  out.keep(0, SIGNATURE_BYTES);
  const info: PngInfo = { durationMs: null, interlaced: false, hidesDefault: false };
  let frames = 0;
  let controls = 0;
  let duration = 0;
  for (let at = SIGNATURE_BYTES; ;) {
    const header = await readExactly(source, at, HEADER_BYTES);
    const length = header.readUInt32BE(0);
    const type = header.toString('latin1', 4, 8);
    const end = at + HEADER_BYTES + length + CRC_BYTES;
    if (end > source.size) throw new MalformedFile(`${type} breaks off`);
    const payload = at + HEADER_BYTES;
    if (KEPT_CHUNKS.has(type)) out.keep(at, end);
    if (type === 'IHDR') info.interlaced = (await readExactly(source, payload + 12, 1))[0] === 1;
    if (type === 'acTL') frames = (await readExactly(source, payload, 4)).readUInt32BE(0);
    if (type === 'IDAT' && controls === 0) info.hidesDefault = frames > 0;
    if (type === 'fcTL') controls += 1;
    if (type === 'fcTL' && length >= 26)
      duration += frameDelayMs(delayOf(await readExactly(source, payload, 26)));
    if (type === 'eXIf' && length < MAX_EXIF_BYTES) {
      const turned = orientationOf(await readExactly(source, payload, length));
      if (turned > 1) out.put(chunk('eXIf', orientationOnly(turned)));
    }
    at = end;
    if (type === 'IEND') break;
  }
  if (frames > 1 && controls > 1) info.durationMs = Math.round(duration);
  return { pieces: out.pieces, info };
}

/**
 * Returns a frame's delay. It is a fraction of a second; a denominator of 0 means hundredths (PNG
 * §11.3.6.2).
 */
function delayOf(frameControl: Buffer): number {
  const denominator = frameControl.readUInt16BE(22) || 100;
  return (frameControl.readUInt16BE(20) / denominator) * 1000;
}

function chunk(type: string, payload: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), payload]);
  const out = Buffer.alloc(4 + body.length + 4);
  out.writeUInt32BE(payload.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), 4 + body.length);
  return out;
}
