import { extentsOf } from './avif.ts';
import { MalformedFile, readExactly, type ByteSource } from './byte-ranges.ts';
import { boxes, type IsoBox } from './iso-bmff.ts';

/** Boxes that contain boxes, with the bytes before the first of them (ISO/IEC 14496-12). */
const CONTAINERS: ReadonlyMap<string, number> = new Map([
  ['meta', 4],
  ['iprp', 0],
  ['ipco', 0],
  ['grpl', 0],
  ['iref', 4],
  ['moov', 0],
  ['trak', 0],
  ['mdia', 0],
  ['minf', 0],
  ['stbl', 0],
]);
/** Boxes whose entries the decoder reads one by one. */
const TABLES = new Set(['iloc', 'ipma']);
/** The smallest entry of a table. */
const ENTRY_BYTES = 4;

/**
 * Charges the boxes of a HEIC and the entries of its tables to the budget of the source. The
 * decoder (libheif) sets no such limit. A box that breaks off is left to the decoder, which decides
 * whether the photo is whole.
 *
 * @throws TooComplexFile beyond the budget
 */
export async function checkHeic(source: ByteSource): Promise<void> {
  try {
    await charge(source, 0, source.size);
  } catch (error) {
    if (!(error instanceof MalformedFile)) throw error;
  }
}

async function charge(source: ByteSource, start: number, end: number): Promise<void> {
  for await (const box of boxes(source, start, end)) {
    const header = await headerBytesOf(source, box);
    if (header !== undefined) await charge(source, box.payload + header, box.end);
    if (!TABLES.has(box.type)) continue;
    for (let at = box.payload; at < box.end; at += ENTRY_BYTES) source.budget.step();
    if (box.type !== 'iloc') continue;
    const bytes = await readExactly(source, box.payload, box.end - box.payload);
    // No id: only the number of extents counts.
    extentsOf(source, bytes, new Set(), 0);
  }
}

async function headerBytesOf(source: ByteSource, { type, payload }: IsoBox): Promise<number | undefined> {
  if (type !== 'iinf') return CONTAINERS.get(type);
  return (await readExactly(source, payload, 1))[0] === 0 ? 6 : 8;
}
