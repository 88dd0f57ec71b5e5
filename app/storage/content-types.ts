/**
 * Extension of an object key ↔ content type. Only what a browser shows as a picture or plays; nothing it would run as
 * a page (no html, svg, xml).
 */
const CONTENT_TYPES = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  mp4: 'video/mp4',
  webm: 'video/webm',
  mov: 'video/quicktime',
} as const;

export type ObjectExtension = keyof typeof CONTENT_TYPES;

const isExtension = (text: string): text is ObjectExtension => Object.hasOwn(CONTENT_TYPES, text);

/** The type a key is served as; what is not known is only ever downloaded. */
export function contentTypeOf(key: string): string {
  const extension = key.slice(key.lastIndexOf('.') + 1);
  return isExtension(extension) ? CONTENT_TYPES[extension] : 'application/octet-stream';
}
