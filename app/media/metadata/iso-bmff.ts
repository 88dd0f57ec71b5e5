import { MalformedFile, readExactly, type ByteSource } from './byte-ranges.ts';

/** A box of an ISO base media file. `payload` and `end` are positions in the file. */
export interface IsoBox {
  type: string;
  start: number;
  payload: number;
  end: number;
}

/**
 * Yields the boxes between two positions (ISO/IEC 14496-12 §4.2). A box beyond `end` means a
 * truncated file; leftover bytes too few for a box are ignored. Nested boxes count in the budget of
 * the source.
 */
export async function* boxes(source: ByteSource, start: number, end: number): AsyncIterable<IsoBox> {
  using _level = source.budget.enter();
  for (let at = start; at + 8 <= end;) {
    const header = await source.read(at, 16);
    if (header.length < 8) throw new MalformedFile('a box breaks off');
    const type = header.toString('latin1', 4, 8);
    let size = header.readUInt32BE(0);
    let payload = at + 8;
    if (size === 1) {
      size = Number((await readExactly(source, at + 8, 8)).readBigUInt64BE());
      payload = at + 16;
    } else if (size === 0) {
      // This box extends to the end of the file. QuickTime also ends user data with an empty box.
      if (type === '\0\0\0\0') return;
      size = end - at;
    }
    if (size < payload - at || at + size > end) throw new MalformedFile(`the box ${type} breaks off`);
    yield { type, start: at, payload, end: at + size };
    at += size;
  }
}
