import { MalformedFile, pieceList, readExactly, type ByteSource, type Piece } from './byte-ranges.ts';

/** https://developers.google.com/speed/webp/docs/riff_container */
const KEPT_CHUNKS = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
const RIFF_HEADER = 12;
const XMP_FLAG = 0x04;
const EXIF_FLAG = 0x08;
/** The extended header has 10 bytes; later versions may have more. */
const MAX_EXTENDED_BYTES = 1024;

/**
 * Returns the pieces of a WebP without EXIF, XMP, unknown chunks and bytes after its end. Frames
 * are copied unchanged. The orientation goes too: browsers ignore it in a WebP, and other viewers
 * would rotate the picture.
 */
export async function cleanWebp(source: ByteSource): Promise<Piece[]> {
  const riff = await readExactly(source, 0, RIFF_HEADER);
  const declared = 8 + riff.readUInt32LE(4);
  if (declared > source.size) throw new MalformedFile('the RIFF container breaks off');
  const out = pieceList();
  let dropped = declared !== source.size;
  let flags: { header: Buffer; payload: Buffer } | null = null;
  for (let at = RIFF_HEADER; at + 8 <= declared;) {
    const header = await readExactly(source, at, 8);
    const type = header.toString('latin1', 0, 4);
    const length = header.readUInt32LE(4);
    const end = Math.min(at + 8 + length + (length & 1), declared);
    if (at + 8 + length > declared) throw new MalformedFile(`${type} breaks off`);
    if (type === 'VP8X' && length > MAX_EXTENDED_BYTES)
      throw new MalformedFile('an extended header of unlikely size');
    if (type === 'VP8X' && !flags) flags = { header, payload: await readExactly(source, at + 8, length) };
    else if (KEPT_CHUNKS.has(type)) out.keep(at, end);
    else dropped = true;
    at = end;
  }
  if (!dropped) return [{ start: 0, end: source.size }];
  return assemble(out.pieces, flags);
}

function assemble(kept: readonly Piece[], flags: { header: Buffer; payload: Buffer } | null): Piece[] {
  const before: Buffer[] = [];
  if (flags) {
    const payload = Buffer.from(flags.payload);
    payload[0] = (payload[0] ?? 0) & ~(XMP_FLAG | EXIF_FLAG);
    before.push(flags.header, payload);
  }
  const body: Piece[] = [...(flags ? [{ bytes: Buffer.concat(before) }] : []), ...kept];
  const length = body.reduce((sum, piece) => sum + lengthOf(piece), 4);
  const riff = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1');
  riff.writeUInt32LE(length, 4);
  return [{ bytes: riff }, ...body];
}

function lengthOf(piece: Piece): number {
  if ('bytes' in piece) return piece.bytes.length;
  return 'zeros' in piece ? piece.zeros : piece.end - piece.start;
}
