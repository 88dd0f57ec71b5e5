import { thumbHashToDataURL } from 'thumbhash';

const made = new Map<string, string>();

/** The blurred placeholder of a thumbhash (base64) as a CSS image; `none` without one. Made once per hash. */
export function placeholderOf(thumbHash: string | null): string {
  if (!thumbHash) return 'none';
  const known = made.get(thumbHash);
  if (known) return known;
  const bytes = Uint8Array.from(atob(thumbHash), (character) => character.charCodeAt(0));
  const image = `url(${thumbHashToDataURL(bytes)})`;
  made.set(thumbHash, image);
  return image;
}
