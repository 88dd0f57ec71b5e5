import { MalformedFile, pieceList, readExactly, type ByteSource, type Piece } from './byte-ranges.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;
const APPLICATION = 0xff;
/** The repeat count and the colour profile. */
const KEPT_APPLICATIONS = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012']);

/**
 * Returns the pieces of a GIF without comments, plain-text overlays and foreign application data
 * (XMP). Bytes after the trailer go too; frames are copied unchanged. GIF89a specification,
 * https://www.w3.org/Graphics/GIF/spec-gif89a.txt
 *
 * Leftover bytes between blocks count as the trailer, as in browsers.
 */
export async function cleanGif(source: ByteSource): Promise<{ pieces: Piece[]; frames: number }> {
  const byteAt = async (position: number) => (await source.ahead(position))[0];
  const out = pieceList();
  const screen = await readExactly(source, 0, 13);
  let at = 13 + colourTable(screen[10] ?? 0);
  if (at > source.size) throw new MalformedFile('the colour table breaks off');
  out.keep(0, at);
  let frames = 0;
  for (;;) {
    const introducer = await byteAt(at);
    if (introducer === EXTENSION) {
      const label = await byteAt(at + 1);
      const end = await skipBlocks(source, at + 2);
      if (label === GRAPHIC_CONTROL || (label === APPLICATION && (await isKept(source, at))))
        out.keep(at, end);
      at = end;
    } else if (introducer === IMAGE) {
      const table = colourTable((await byteAt(at + 9)) ?? 0);
      const end = await skipBlocks(source, at + 10 + table + 1);
      out.keep(at, end);
      frames += 1;
      at = end;
    } else {
      if (introducer === TRAILER) out.keep(at, at + 1);
      else if (frames > 0) out.put(Buffer.from([TRAILER]));
      else throw new MalformedFile('no frame');
      return { pieces: out.pieces, frames };
    }
  }
}

/** Returns the length of the colour table that the packed field declares. */
const colourTable = (packed: number) => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0);

async function isKept(source: ByteSource, at: number): Promise<boolean> {
  return KEPT_APPLICATIONS.has((await source.read(at + 3, 11)).toString('latin1'));
}

/**
 * Returns the position after the chain of data blocks at `from`. Each block states its length; an
 * empty one ends the chain.
 */
async function skipBlocks(source: ByteSource, from: number): Promise<number> {
  let bytes: Buffer = Buffer.alloc(0);
  let start = from;
  for (let at = from; ;) {
    if (at - start >= bytes.length) {
      bytes = await source.ahead(at);
      start = at;
    }
    const length = bytes[at - start];
    if (length === undefined) throw new MalformedFile('a block breaks off');
    at += length + 1;
    if (length === 0) return at;
  }
}
