/** A format the folder can name from its first bytes. What is accepted of these is `media.service`'s business. */
export type Format = 'jpeg' | 'png' | 'gif' | 'webp';

/** How many bytes {@link sniffFormat} needs to decide. */
export const SNIFF_BYTES = 32;

export const FORMATS = {
  jpeg: { mime: 'image/jpeg', extension: 'jpg' },
  png: { mime: 'image/png', extension: 'png' },
  gif: { mime: 'image/gif', extension: 'gif' },
  webp: { mime: 'image/webp', extension: 'webp' },
} as const satisfies Record<Format, { mime: string; extension: string }>;

const ascii = (head: Uint8Array, start: number, text: string) =>
  Buffer.from(head.subarray(start, start + text.length)).toString('latin1') === text;

/**
 * The format by its signature, or `null`. Names and declared types count for nothing. Signatures after the WHATWG MIME
 * Sniffing standard, https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern.
 */
export function sniffFormat(head: Uint8Array): Format | null {
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
  if (head[0] === 0x89 && ascii(head, 1, 'PNG\r\n\u001a\n')) return 'png';
  if (ascii(head, 0, 'GIF87a') || ascii(head, 0, 'GIF89a')) return 'gif';
  if (ascii(head, 0, 'RIFF') && ascii(head, 8, 'WEBP')) return 'webp';
  return null;
}
