import { open, type FileHandle } from 'node:fs/promises';
import { createStructureBudget, type StructureBudget } from './structure-budget.ts';

/** Bytes of the source held at a time. */
const BLOCK_BYTES = 1 << 17;
/**
 * Minimum that `ahead` returns where the file continues: a marker or a block's header is never
 * split.
 */
const MIN_AHEAD_BYTES = 16;

/** A piece of the stripped file: bytes of the source (`end` exclusive), or replacement bytes. */
export type Piece = { start: number; end: number } | { bytes: Buffer } | { zeros: number };

/** The file breaks the rules of its format in a way that proves damage. */
export class MalformedFile extends Error {
  override readonly name = 'MalformedFile';
}

/**
 * Random access to a file through one reused block. A walk over many small headers costs neither a
 * system call nor memory for each. Every read is charged to the budget.
 */
export interface ByteSource {
  size: number;
  budget: StructureBudget;
  /** Returns a copy of the bytes at `start`; fewer at the end of the file. */
  read(start: number, length: number): Promise<Buffer>;
  /**
   * Returns the buffered bytes from `start` on; none only at the end of the file. Valid until the
   * next call of either method.
   */
  ahead(start: number): Promise<Buffer>;
}

export async function withSource<T>(path: string, use: (source: ByteSource) => Promise<T>): Promise<T> {
  await using file = await open(path, 'r');
  return await use(byteSource(file, (await file.stat()).size));
}

function byteSource(file: FileHandle, size: number): ByteSource {
  const budget = createStructureBudget();
  const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, Math.max(size, 1)));
  let blockStart = 0;
  let blockEnd = 0;

  /** Fills the block with `length` bytes from `start` on, as far as the file goes. */
  async function hold(start: number, length: number): Promise<Buffer> {
    if (start < blockStart || Math.min(start + length, size) > blockEnd) {
      blockStart = start;
      blockEnd = start + (await readInto(file, block, start));
    }
    return block.subarray(start - blockStart, Math.max(start, blockEnd) - blockStart);
  }

  return {
    size,
    budget,
    async ahead(start) {
      budget.step();
      return hold(start, MIN_AHEAD_BYTES);
    },
    async read(start, length) {
      budget.step();
      const wanted = Math.max(0, Math.min(length, size - start));
      if (wanted <= block.length) return Buffer.from((await hold(start, wanted)).subarray(0, wanted));
      const bytes = Buffer.allocUnsafe(wanted);
      return bytes.subarray(0, await readInto(file, bytes, start));
    },
  };
}

/**
 * Fills the buffer as far as the file goes and returns the number of bytes. A single read may
 * return less.
 */
async function readInto(file: FileHandle, buffer: Buffer, start: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** Reads exactly `length` bytes; throws {@link MalformedFile} if the file is truncated. */
export async function readExactly(source: ByteSource, start: number, length: number): Promise<Buffer> {
  const bytes = await source.read(start, length);
  if (bytes.length < length) throw new MalformedFile(`ends within ${length} bytes at ${start}`);
  return bytes;
}

/** Collects the pieces to keep; merges neighbours. */
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

/** Tells whether the pieces are the whole file, with nothing to strip. */
export const isWhole = (pieces: readonly Piece[], size: number): boolean => {
  const [only, more] = pieces;
  return only !== undefined && !more && 'start' in only && only.start === 0 && only.end === size;
};

/** Returns the length in bytes of the file that the pieces form. */
export const lengthOf = (pieces: readonly Piece[]): number =>
  pieces.reduce(
    (sum, piece) =>
      sum +
      ('bytes' in piece ? piece.bytes.length : 'zeros' in piece ? piece.zeros : piece.end - piece.start),
    0,
  );

/** Writes the pieces of `source` one after the other to a new file. */
export async function writePieces(
  source: ByteSource,
  pieces: readonly Piece[],
  target: string,
): Promise<void> {
  await using file = await open(target, 'wx');
  const out = blockWriter(file);
  for (const piece of pieces) {
    if ('bytes' in piece) await out.write(piece.bytes);
    else if ('zeros' in piece) for (const block of zeros(piece.zeros)) await out.write(block);
    else await copyRange(source, piece.start, piece.end, out);
  }
  await out.flush();
}

interface BlockWriter {
  write(bytes: Buffer): Promise<void>;
  /** Writes the buffered bytes. */
  flush(): Promise<void>;
}

/**
 * Buffers small pieces until they fill a block: a hostile file has a hundred thousand of a few
 * bytes.
 */
function blockWriter(file: FileHandle): BlockWriter {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  let held = 0;
  async function flush() {
    if (held > 0) await file.writeFile(block.subarray(0, held));
    held = 0;
  }
  return {
    flush,
    async write(bytes) {
      if (held + bytes.length > block.length) await flush();
      if (bytes.length >= block.length) return file.writeFile(bytes);
      bytes.copy(block, held);
      held += bytes.length;
    },
  };
}

function* zeros(length: number): Iterable<Buffer> {
  const block = Buffer.alloc(1 << 16);
  for (let left = length; left > 0; left -= block.length) yield block.subarray(0, left);
}

async function copyRange(source: ByteSource, start: number, end: number, out: BlockWriter): Promise<void> {
  for (let at = start; at < end;) {
    const bytes = (await source.ahead(at)).subarray(0, end - at);
    if (bytes.length === 0) throw new Error(`the file became shorter than ${end} bytes while it was copied`);
    await out.write(bytes);
    at += bytes.length;
  }
}

/** Bytes to overwrite in place, with others of the same length or with zeros. */
export interface Patch {
  start: number;
  length: number;
  bytes?: Buffer;
}

/** Returns the whole file with patches applied; of overlapping ones the first wins. */
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
