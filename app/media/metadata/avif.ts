import { readSequence, type AvifSequence } from './avif-sequence.ts';
import { boxes, type IsoBox } from './iso-bmff.ts';
import {
  MalformedFile,
  patched,
  readExactly,
  type ByteSource,
  type Patch,
  type Piece,
} from './byte-ranges.ts';

/** Item properties and locations of one picture; thousands of tiles stay far below. */
const MAX_META_BYTES = 4 << 20;
const DESCRIPTIVE = new Set(['Exif', 'mime', 'uri ']);

/**
 * Returns the pieces of an AVIF with its descriptive items (EXIF, XMP) blanked in place. An item's
 * type becomes `free`, its bytes zeros; nothing moves. Also returns the frames, size and duration
 * of an animation. The rotation is a property of its own (`irot`, `imir`) and stays. ISO/IEC
 * 23008-12, ISO/IEC 14496-12 §8.11.
 */
export async function cleanAvif(
  source: ByteSource,
): Promise<{ pieces: Piece[]; sequence: AvifSequence | null }> {
  const patches: Patch[] = [];
  let found = false;
  let sequence: AvifSequence | null = null;
  // Only this brand makes a browser play the tracks; with any other it shows the still picture.
  const plays = (await source.read(8, 4)).toString('latin1') === 'avis';
  for await (const box of boxes(source, 0, source.size)) {
    if (box.type === 'uuid') patches.push({ start: box.payload, length: box.end - box.payload });
    if (box.type === 'moov') {
      const movie = await readSequence(source, box);
      patches.push(...movie.patches);
      if (plays) sequence = movie.sequence;
    }
    if (box.type !== 'meta') continue;
    found = true;
    patches.push(...(await blankItems(source, box)));
  }
  if (plays && !sequence) throw new MalformedFile('no picture track');
  if (!found && !sequence) throw new MalformedFile('no meta box');
  return { pieces: patched(source.size, patches), sequence };
}

async function blankItems(source: ByteSource, meta: IsoBox): Promise<Patch[]> {
  if (meta.end - meta.start > MAX_META_BYTES) throw new MalformedFile('a meta box of unlikely size');
  const parts = new Map<string, IsoBox>();
  for await (const box of boxes(source, meta.payload + 4, meta.end)) parts.set(box.type, box);
  const info = parts.get('iinf');
  const location = parts.get('iloc');
  if (!info || !location) return [];
  const items = await describingItems(source, info);
  if (items.length === 0) return [];
  const ids = new Set(items.map(({ id }) => id));
  const data = parts.get('idat');
  const bytes = await readExactly(source, location.payload, location.end - location.payload);
  const extents = extentsOf(source, bytes, ids, data?.payload ?? 0);
  return [
    ...items.map(({ typeAt }) => ({ start: typeAt, length: 4, bytes: Buffer.from('free') })),
    ...extents.map(({ start, length }) => ({ start, length })),
  ];
}

async function describingItems(source: ByteSource, info: IsoBox): Promise<{ id: number; typeAt: number }[]> {
  const version = (await readExactly(source, info.payload, 1))[0] ?? 0;
  const found: { id: number; typeAt: number }[] = [];
  for await (const entry of boxes(source, info.payload + (version === 0 ? 6 : 8), info.end)) {
    if (entry.type !== 'infe') continue;
    const head = await source.read(entry.payload, 14);
    const wide = head[0] === 3;
    if (head.length < 14 || (head[0] !== 2 && !wide)) continue;
    const typeAt = wide ? 10 : 8;
    if (!DESCRIPTIVE.has(head.toString('latin1', typeAt, typeAt + 4))) continue;
    found.push({ id: wide ? head.readUInt32BE(4) : head.readUInt16BE(4), typeAt: entry.payload + typeAt });
  }
  return found;
}

/**
 * Returns the extents of these items, as listed in the `iloc` box (§8.11.3). Throws for a truncated
 * box. An empty extent costs no byte, so each is charged to the budget.
 */
export function extentsOf(
  { budget }: ByteSource,
  iloc: Buffer,
  ids: ReadonlySet<number>,
  itemData: number,
): { start: number; length: number }[] {
  let at = 0;
  const take = (bytes: number): number => {
    if (at + bytes > iloc.length) throw new MalformedFile('the item locations break off');
    const value =
      bytes === 0 ? 0 : bytes === 8 ? Number(iloc.readBigUInt64BE(at)) : iloc.readUIntBE(at, bytes);
    at += bytes;
    return value;
  };
  const version = take(1);
  take(3);
  const sizes = take(2);
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
  const indexSize = version > 0 ? sizes & 15 : 0;
  const found: { start: number; length: number }[] = [];
  for (let left = take(version < 2 ? 2 : 4); left > 0; left--) {
    const id = take(version < 2 ? 2 : 4);
    const method = version > 0 ? take(2) & 15 : 0;
    take(2);
    const base = take(baseSize) + (method === 1 ? itemData : 0);
    for (let extents = take(2); extents > 0; extents--) {
      budget.step();
      take(indexSize);
      const start = base + take(offsetSize);
      const length = take(lengthSize);
      if (ids.has(id) && method < 2) found.push({ start, length });
    }
  }
  return found;
}
