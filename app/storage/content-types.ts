import { FORMAT_NAMES, FORMATS, isStored } from '../media/formats/formats.limits.ts';

/**
 * Content type by extension of an object key. Lists only images and videos. A browser runs none of
 * them as a page (no html, svg, xml).
 */
const CONTENT_TYPES = new Map<string, string>(
  FORMAT_NAMES.filter(isStored).map((format) => [FORMATS[format].extension, FORMATS[format].mime]),
);

/**
 * Returns the content type of a key. An unknown extension gets a type that is only ever downloaded.
 */
export const contentTypeOf = (key: string): string =>
  CONTENT_TYPES.get(key.slice(key.lastIndexOf('.') + 1)) ?? 'application/octet-stream';
