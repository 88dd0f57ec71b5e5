/** An element's id or size: RFC 8794 §4, variable-size integers. */
export interface Vint {
  value: number;
  /** Length in bytes. */
  length: number;
  /** A size of all ones: the element ends where its parent does. */
  unknown: boolean;
}

/**
 * Reads the integer of at most 8 bytes at a position; `null` if there is none. An id keeps its
 * length marker.
 */
export function vint(bytes: Uint8Array, at: number, keepMarker: boolean): Vint | null {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (first === 0 || at + length > bytes.length) return null;
  const marker = 0x80 >> (length - 1);
  let value = keepMarker ? first : first & (marker - 1);
  let unknown = !keepMarker && (first & (marker - 1)) === marker - 1;
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] ?? 0;
    value = value * 256 + byte;
    unknown &&= byte === 0xff;
  }
  return { value, length, unknown };
}

/**
 * Reads the unsigned integer at the end of a path of ids, taking the first match of each id.
 * Returns `null` if it is missing. Works on memory only: for small files of our own.
 */
export function unsignedAt(bytes: Buffer, path: readonly number[]): number | null {
  const found = elementAt(bytes, path);
  if (found === null || found.length > 6) return null;
  return found.length === 0 ? 0 : found.readUIntBE(0, found.length);
}

/**
 * Reads the text at the end of a path of ids, taking the first match of each id. Returns `null` if
 * it is missing.
 */
export const textAt = (bytes: Buffer, path: readonly number[]): string | null =>
  elementAt(bytes, path)?.toString('latin1').replace(/\0+$/, '') ?? null;

function elementAt(bytes: Buffer, path: readonly number[]): Buffer | null {
  let start = 0;
  let end = bytes.length;
  for (const wanted of path) {
    const found = elementIn(bytes, start, end, wanted);
    if (found === null) return null;
    ({ start, end } = found);
  }
  return bytes.subarray(start, end);
}

function elementIn(bytes: Buffer, from: number, to: number, wanted: number) {
  for (let at = from; at < to;) {
    const id = vint(bytes, at, true);
    const size = id && vint(bytes, at + id.length, false);
    if (!id || !size) return null;
    const start = at + id.length + size.length;
    const end = size.unknown ? to : Math.min(to, start + size.value);
    if (id.value === wanted) return { start, end };
    at = end;
  }
  return null;
}
