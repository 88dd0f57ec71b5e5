import { createEffect, type Accessor } from 'solid-js';
import { isCopyKey } from '../shares/copy-key.ts';

/**
 * Keeps the keys that act on the item and were pressed before it is loaded. They are pressed again
 * once it is.
 *
 * @returns takes a key, and returns whether it is kept
 */
export function createHeldKeys(loaded: Accessor<boolean>): (event: KeyboardEvent) => boolean {
  let held: KeyboardEvent[] = [];
  createEffect(() => {
    if (!loaded()) return;
    const keys = held;
    held = [];
    // The parts that listen to keys exist after this update.
    queueMicrotask(() => {
      for (const key of keys) document.dispatchEvent(new KeyboardEvent('keydown', key));
    });
  });
  return (event) => {
    if (loaded() || !(['Delete', 'f'].includes(event.key) || isCopyKey(event))) return false;
    held.push(event);
    event.preventDefault();
    return true;
  };
}
