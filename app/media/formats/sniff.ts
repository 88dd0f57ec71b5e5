/** A format that the first bytes identify. */
export type Format = 'jpeg' | 'png' | 'gif' | 'webp' | 'avif' | 'heic' | 'mp4' | 'mov' | 'webm';

/** Number of bytes that {@link sniffFormat} needs. */
export const SNIFF_BYTES = 64;

export const FORMATS = {
  jpeg: { mime: 'image/jpeg', extension: 'jpg' },
  png: { mime: 'image/png', extension: 'png' },
  gif: { mime: 'image/gif', extension: 'gif' },
  webp: { mime: 'image/webp', extension: 'webp' },
  avif: { mime: 'image/avif', extension: 'avif' },
  // Stored as the JPEG it is converted to.
  heic: { mime: 'image/jpeg', extension: 'jpg' },
  mp4: { mime: 'video/mp4', extension: 'mp4' },
  mov: { mime: 'video/quicktime', extension: 'mov' },
  webm: { mime: 'video/webm', extension: 'webm' },
} as const satisfies Record<Format, { mime: string; extension: string }>;

export type VideoFormat = 'mp4' | 'mov' | 'webm';
export const isVideo = (format: Format): format is VideoFormat =>
  format === 'mp4' || format === 'mov' || format === 'webm';

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
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
  if (head[0] === 0x89 && ascii(head, 1, 'PNG\r\n\u001a\n')) return 'png';
  if (ascii(head, 0, 'GIF87a') || ascii(head, 0, 'GIF89a')) return 'gif';
  if (ascii(head, 0, 'RIFF') && ascii(head, 8, 'WEBP')) return 'webp';
  if (ascii(head, 0, '\u001a\u0045\u00df\u00a3')) return isWebm(head) ? 'webm' : null;
  if (ascii(head, 4, 'ftyp')) return ofBrands(brandsOf(head));
  // An early QuickTime file has no brands and begins directly with one of its boxes.
  if (['moov', 'mdat', 'wide', 'pnot'].some((type) => ascii(head, 4, type))) return 'mov';
  return null;
}

/**
 * Tells whether EBML's DocType (element 0x4282) is `webm`. `matroska` is a larger family that
 * browsers do not play.
 */
function isWebm(head: Uint8Array): boolean {
  const at = latin1(head, 0, SNIFF_BYTES).indexOf('\u0042\u0082');
  return at > 0 && ascii(head, at + 3, 'webm');
}

/**
 * Returns the major and compatible brands of an ISO base media file (ISO/IEC 14496-12 §4.3), as far
 * as the head reaches.
 */
function brandsOf(head: Uint8Array): string[] {
  const size = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  const end = Math.min(size, head.length);
  const brands = [latin1(head, 8, 4)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(latin1(head, at, 4));
  return brands;
}

const AVIF = /^(avif|avis)$/;
/** HEVC-coded stills and bursts of ISO/IEC 23008-12. */
const HEIC = /^(heic|heix|heim|heis|hevc|hevx|hevm|hevs)$/;
const MP4 =
  /^(isom|iso[2-9a-c]|mp4[12]|avc1|hvc1|M4V[ HP]?|MSNV|dash|mmp4|f4v |3g[a-z0-9]{2}|av01|cmfc|msdh|msix)$/;

function ofBrands(brands: readonly string[]): Format | null {
  // Stills first: they also list general brands.
  if (brands.some((brand) => AVIF.test(brand))) return 'avif';
  if (brands.some((brand) => HEIC.test(brand))) return 'heic';
  if (brands[0] === 'qt  ') return 'mov';
  if (brands.some((brand) => MP4.test(brand))) return 'mp4';
  return brands.includes('qt  ') ? 'mov' : null;
}
