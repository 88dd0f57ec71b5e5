import { createSignal } from 'solid-js';
import type { thumbHashToDataURL } from 'thumbhash';

const made = new Map<string, string>();

// Asked for with the list itself and here before it, as a rule: a placeholder that comes a moment later moves nothing.
const [decode, setDecode] = createSignal<typeof thumbHashToDataURL>();
import('thumbhash').then(
  (loaded) => setDecode(() => loaded.thumbHashToDataURL),
  () => {
    // without a connection: the pictures come without placeholders, if they come
  },
);

/** The blurred placeholder of a thumbhash (base64) as a CSS image; `none` without one. Made once per hash. */
export function placeholderOf(thumbHash: string | null): string {
  const toDataUrl = decode();
  if (!thumbHash || !toDataUrl) return 'none';
  const known = made.get(thumbHash);
  if (known) return known;
  const bytes = Uint8Array.from(atob(thumbHash), (character) => character.charCodeAt(0));
  const image = `url(${toDataUrl(bytes)})`;
  made.set(thumbHash, image);
  return image;
}
