import { thumbHashToDataURL } from 'thumbhash';
import type { Placeholder } from './placeholder.ts';

/** How long making them holds the page up at a time, in milliseconds; a phone takes four times as long. */
const SLICE_MS = 4;

/** Makes what waits, and what comes to it meanwhile, until the list is empty. */
export async function makeAll(waiting: Placeholder[]): Promise<void> {
  while (waiting.length > 0) {
    // In a task of its own: the page is shown first, and a press comes before a blur.
    await new Promise((next) => setTimeout(next));
    const end = performance.now() + SLICE_MS;
    do {
      const [placeholder] = waiting;
      if (!placeholder) break;
      const bytes = Uint8Array.from(atob(placeholder.hash), (character) => character.charCodeAt(0));
      placeholder.set(`url(${thumbHashToDataURL(bytes)})`);
      waiting.shift();
    } while (performance.now() < end);
  }
}
