import { FORMAT_NAMES, FORMATS, isVideo, type Format, type Signature } from './formats.limits.ts';

/** Number of bytes that {@link sniffFormat} needs. */
export const SNIFF_BYTES = 64;

const signatureOf = (format: Format): Signature => FORMATS[format];

const ascii = (head: Uint8Array, start: number, text: string) => latin1(head, start, text.length) === text;
const latin1 = (head: Uint8Array, start: number, length: number) =>
  Buffer.from(head.subarray(start, start + length)).toString('latin1');

/**
 * Identifies the format by its signature; `null` if unknown. Ignores names and declared types.
 * Signatures follow the WHATWG MIME Sniffing standard,
 * https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern.
 *
 * @example
 * sniffFormat(Buffer.from('GIF89a')); // 'gif'
 */
export function sniffFormat(head: Uint8Array): Format | null {
  if (ascii(head, 0, '\u001a\u0045\u00df\u00a3')) return ofDocType(head);
  const format = FORMAT_NAMES.find((name) => startsAs(head, signatureOf(name)));
  if (format) return format;
  return ascii(head, 4, 'ftyp') ? ofBrands(brandsOf(head)) : null;
}

const startsAs = (head: Uint8Array, { starts = [] }: Signature): boolean =>
  starts.some((texts) => Object.entries(texts).every(([at, text]) => ascii(head, Number(at), text)));

/**
 * Returns the format by EBML's DocType (element 0x4282). `matroska` is a larger family that
 * browsers do not play.
 */
function ofDocType(head: Uint8Array): Format | null {
  const at = latin1(head, 0, SNIFF_BYTES).indexOf('\u0042\u0082');
  if (at < 0) return null;
  const hasType = ({ docType }: Signature) => docType !== undefined && ascii(head, at + 3, docType);
  return FORMAT_NAMES.find((format) => hasType(signatureOf(format))) ?? null;
}

/**
 * Returns the brands of an ISO base media file (ISO/IEC 14496-12 §4.3), as far as the head reaches.
 */
function brandsOf(head: Uint8Array): string[] {
  const size = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  const end = Math.min(size, head.length);
  const brands = [latin1(head, 8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(latin1(head, at, 4));
  return brands;
}

/** Stills list general brands, too. The major brand decides between the videos. */
function ofBrands(brands: readonly string[]): Format | null {
  const has = (format: Format, some: readonly string[]) =>
    some.some((brand) => signatureOf(format).brands?.test(brand));
  const videos = FORMAT_NAMES.filter(isVideo);
  return (
    FORMAT_NAMES.find((format) => !isVideo(format) && has(format, brands)) ??
    videos.find((format) => has(format, brands.slice(0, 1))) ??
    videos.find((format) => has(format, brands)) ??
    null
  );
}
