import { vint } from '../formats/ebml.ts';
import { MalformedFile, type ByteSource } from './byte-ranges.ts';

const SEGMENT_ID = 0x18538067;

/**
 * Throws for a truncated WebM: its segment declares more bytes than the file has. A recording of
 * unknown length declares none. RFC 8794 §4 (variable-size integers), RFC 9559.
 */
export async function checkWebm(source: ByteSource): Promise<void> {
  let at = 0;
  for (;;) {
    const head = await source.read(at, 16);
    const id = vint(head, 0, true);
    const size = id && vint(head, id.length, false);
    if (!id || !size) throw new MalformedFile('an element breaks off');
    const payload = at + id.length + size.length;
    if (size.unknown) return;
    if (payload + size.value > source.size) throw new MalformedFile('the file breaks off');
    if (id.value === SEGMENT_ID) return;
    at = payload + size.value;
    if (at >= source.size) throw new MalformedFile('no segment');
  }
}
