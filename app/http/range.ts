import type { ByteRange } from '../storage/storage.ts';

/**
 * Parses a `Range` header for an object of `size` bytes (RFC 9110 §14.1.2).
 *
 * Returns `null` to send the whole object: no header, another unit, several ranges, or malformed.
 * Returns `'unsatisfiable'` for a 416.
 *
 * @example
 * parseRange('bytes=-500', 2000); // { start: 1500, end: 1999 }
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(' ', '') ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return null;
  if (first === '') {
    const suffix = Number(last);
    return suffix === 0 || size === 0
      ? 'unsatisfiable'
      : { start: Math.max(0, size - suffix), end: size - 1 };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return null;
  return start >= size ? 'unsatisfiable' : { start, end };
}
