import { thumbHashToDataURL } from 'thumbhash';
import type { Setter } from 'solid-js';

/** A picture that comes within this time seems to have come at once: it needs no placeholder. Milliseconds. */
const DECODE_DELAY_MS = 100;

/** How long making them holds the page up at a time, in milliseconds; a phone takes four times as long. */
const DECODE_SLICE_MS = 4;

/**
 * Makes what waits, by its hash, and what comes to it meanwhile, until there is nothing left; what is taken out of it is not
 * made.
 */
export async function decodeAll(waiting: Map<string, Setter<string>>): Promise<void> {
  let pause = DECODE_DELAY_MS;
  while (waiting.size > 0) {
    // In a task of its own: the page is shown first, and a press comes before a blur.
    await new Promise((next) => setTimeout(next, pause));
    pause = 0;
    const end = performance.now() + DECODE_SLICE_MS;
    for (const [hash, set] of waiting) {
      const bytes = Uint8Array.from(atob(hash), (character) => character.charCodeAt(0));
      waiting.delete(hash);
      set(`url(${thumbHashToDataURL(bytes)})`);
      if (performance.now() >= end) break;
    }
  }
}
