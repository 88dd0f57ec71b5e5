/**
 * Extension of an object key ↔ content type. Lists only images and videos. A browser runs none of
 * them as a page (no html, svg, xml).
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

/**
 * Returns the content type of a key. An unknown extension gets a type that is only ever downloaded.
 */
export function contentTypeOf(key: string): string {
  const extension = key.slice(key.lastIndexOf('.') + 1);
  return isExtension(extension) ? CONTENT_TYPES[extension] : 'application/octet-stream';
}
