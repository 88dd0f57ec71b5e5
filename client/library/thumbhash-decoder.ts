import { thumbHashToDataURL } from 'thumbhash';
import type { Setter } from 'solid-js';

/**
 * Delay before decoding, in milliseconds. An image that loads within it appears instant and needs
 * no placeholder.
 */
const DECODE_DELAY_MS = 100;

/** Longest decoding time per task, in milliseconds; a phone takes four times as long. */
const DECODE_SLICE_MS = 4;

/**
 * Decodes the queue by hash until it is empty, including later additions. Entries removed meanwhile
 * are skipped.
 */
export async function decodeAll(waiting: Map<string, Setter<string>>): Promise<void> {
  let pause = DECODE_DELAY_MS;
  while (waiting.size > 0) {
    // Runs in separate tasks, so that painting and input come before placeholders.
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
