import { createReadStream, createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A part of the cleaned file: bytes of the source, `end` exclusive, or bytes put in their place. */
export type Piece = { start: number; end: number } | { bytes: Buffer } | { zeros: number };

/** The file breaks the rules of its format in a way that leaves no doubt that it is damaged. */
export class MalformedFile extends Error {
  override readonly name = 'MalformedFile';
}

/** Random access to a file of which only headers are looked at. */
export interface ByteSource {
  size: number;
  /** The bytes at `start`; fewer at the end of the file. */
  read(start: number, length: number): Promise<Buffer>;
}

export async function withSource<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  return await use({ size, read: (start, length) => readAt(file, start, length) });
}

async function readAt(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.max(0, length));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  return buffer.subarray(0, bytesRead);
}

/** Exactly `length` bytes, or the file is truncated. */
export async function readExactly(source: ByteSource, start: number, length: number): Promise<Buffer> {
  const bytes = await source.read(start, length);
  if (bytes.length < length) throw new MalformedFile(`ends within ${length} bytes at ${start}`);
  return bytes;
}

/** Collects what is kept; neighbours become one piece. */
export function pieceList() {
  const pieces: Piece[] = [];
  return {
    keep(start: number, end: number) {
      const last = pieces.at(-1);
      if (last && 'start' in last && last.end === start) last.end = end;
      else if (end > start) pieces.push({ start, end });
    },
    put: (bytes: Buffer) => void pieces.push({ bytes }),
    pieces,
  };
}

/** Nothing to take out: the pieces are the whole file. */
export const isWhole = (pieces: readonly Piece[], size: number): boolean => {
  const [only, more] = pieces;
  return only !== undefined && !more && 'start' in only && only.start === 0 && only.end === size;
};

/** Writes the pieces of `source` one after the other to a new file. */
export async function writePieces(source: string, pieces: readonly Piece[], target: string): Promise<void> {
  async function* bytes() {
    for (const piece of pieces) {
      if ('bytes' in piece) yield piece.bytes;
      else if ('zeros' in piece) yield* zeros(piece.zeros);
      else yield* createReadStream(source, { start: piece.start, end: piece.end - 1 });
    }
  }
  await pipeline(Readable.from(bytes()), createWriteStream(target, { flags: 'wx' }));
}

function* zeros(length: number): Iterable<Buffer> {
  const block = Buffer.alloc(1 << 16);
  for (let left = length; left > 0; left -= block.length) yield block.subarray(0, left);
}

/** Bytes that are overwritten in place, by others of the same length or by zeros. */
export interface Patch {
  start: number;
  length: number;
  bytes?: Buffer;
}

/** The whole file with patches applied; of overlapping ones the first wins. */
export function patched(size: number, patches: readonly Patch[]): Piece[] {
  const out = pieceList();
  let at = 0;
  for (const { start, length, bytes } of [...patches].sort((a, b) => a.start - b.start)) {
    if (start < at || start + length > size) continue;
    out.keep(at, start);
    if (bytes) out.put(bytes);
    else out.pieces.push({ zeros: length });
    at = start + length;
  }
  out.keep(at, size);
  return out.pieces;
}
