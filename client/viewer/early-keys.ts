import { onCleanup } from 'solid-js';
import { isCopyKey } from '../shares/copy-key.ts';
import { isTyping } from '../ui/shortcuts.ts';

/** Keys that mean an item in the viewer and another one in the folder behind it. */
const KEPT = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Delete', 'i', '+', '-', '0']);

let kept: KeyboardEvent[] = [];

/** Returns the keys that were pressed before the viewer was loaded, and forgets them. */
export function takeEarlyKeys(): KeyboardEvent[] {
  const keys = kept;
  kept = [];
  return keys;
}

/**
 * Keeps the keys that are pressed while the viewer's chunk is loading. They are not for the folder
 * behind it. Escape leaves at once.
 */
export function keepEarlyKeys(close: () => void): void {
  const onKey = (event: KeyboardEvent) => {
    if (document.querySelector('dialog')) return;
    const isKept = isCopyKey(event) || (KEPT.has(event.key) && !isTyping(event));
    if (!isKept && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    if (isKept) kept.push(event);
    else close();
  };
  document.addEventListener('keydown', onKey, { capture: true });
  onCleanup(() => {
    document.removeEventListener('keydown', onKey, { capture: true });
    kept = [];
  });
}
