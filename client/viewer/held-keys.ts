import { createEffect, onCleanup, type Accessor } from 'solid-js';
import { isCopyKey } from '../shares/copy-key.ts';
import { takeEarlyKeys } from './early-keys.ts';

/**
 * Keeps the keys that act on the item and were pressed before it is loaded. It also takes those
 * that were pressed before the viewer was. They are pressed again once it is, one after the other.
 *
 * @returns takes a key, and returns whether it is kept
 */
export function createHeldKeys(loaded: Accessor<boolean>): (event: KeyboardEvent) => boolean {
  const held = takeEarlyKeys();
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Presses the next key in a task of its own: the one before may have shown another item. */
  const playNext = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const key = loaded() && held.shift();
      if (!key) return;
      document.dispatchEvent(new KeyboardEvent('keydown', key));
      playNext();
    });
  };
  createEffect(() => {
    if (loaded() && held.length > 0) playNext();
  });
  onCleanup(() => clearTimeout(timer));
  return (event) => {
    if (loaded() || !(['Delete', 'f'].includes(event.key) || isCopyKey(event))) return false;
    held.push(event);
    event.preventDefault();
    return true;
  };
}
