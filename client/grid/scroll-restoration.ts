import { createEffect, createMemo, on, onCleanup, onMount, type Accessor } from 'solid-js';
import type { createGrid, Viewport } from './grid.model.ts';
import { saveScrollPosition, savedScrollPosition, type ScrollPosition } from './scroll-position.ts';

/**
 * Idle time after which the scroll position is saved, in milliseconds. Safari allows 100 history
 * changes in 30 s.
 */
const SCROLL_IDLE_MS = 400;

interface ScrollRestorationProps {
  list: Pick<HTMLElement, 'getBoundingClientRect'>;
  library: {
    items: Accessor<readonly { id: string }[]>;
    q: Accessor<string>;
    list: Accessor<{ isPlaceholderData: boolean }>;
    loadNext: () => Promise<boolean>;
  };
  grid: ReturnType<typeof createGrid>;
  viewport: Accessor<Viewport>;
}

/**
 * Saves the scroll position with its history entry. Restores it after going back and after a
 * reload, and loads as many pages as before. It stops as soon as the user scrolls.
 */
export function createScrollRestoration({ list, library, grid, viewport }: ScrollRestorationProps) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let restoring = 0;

  const currentPosition = (): ScrollPosition | null => {
    const { top } = viewport();
    if (window.scrollY === 0) return null;
    const index = grid.boxes().findIndex((box) => box.y + box.height > top);
    const [item, box] = [library.items()[index], grid.boxes()[index]];
    return item && box
      ? { id: item.id, offset: Math.round(box.y - top), count: library.items().length }
      : null;
  };
  const save = () => {
    clearTimeout(timer);
    if (restoring === 0) saveScrollPosition(currentPosition());
  };
  const saveLater = () => {
    clearTimeout(timer);
    timer = setTimeout(save, SCROLL_IDLE_MS);
  };

  async function restore(): Promise<void> {
    const saved = savedScrollPosition();
    const mine = ++restoring;
    const isCurrent = () => restoring === mine;
    const stop = () => {
      restoring = 0;
    };
    if (!saved) return stop();
    const scrolls = ['wheel', 'touchmove', 'keydown', 'pointerdown'];
    for (const type of scrolls) window.addEventListener(type, stop, { passive: true, once: true });
    // Requires a screen of content below the position; otherwise the page cannot scroll that far.
    const reached = () => {
      const box = grid.box(saved.id);
      return box && box.y + viewport().height - saved.offset < grid.height();
    };
    // If the tile was deleted, stops after loading as many items as before.
    while (isCurrent() && !reached() && library.items().length < saved.count)
      // The list shows the error of a page that did not load.
      if (!(await library.loadNext().catch(() => false))) break;
    if (isCurrent()) {
      // Waits until the list is high enough.
      await new Promise((next) => requestAnimationFrame(next));
      const box = grid.box(saved.id) ?? grid.boxes().at(-1);
      if (box && isCurrent())
        // Measures the list now: the viewport follows a frame later, and the browser may have
        // scrolled meanwhile.
        window.scrollBy({
          top: box.y + list.getBoundingClientRect().top - saved.offset,
          behavior: 'instant',
        });
      stop();
    }
    for (const type of scrolls) window.removeEventListener(type, stop);
  }

  window.addEventListener('scroll', saveLater, { passive: true });
  window.addEventListener('pagehide', save);
  onMount(() => void restore());
  // Runs when the query changes: restores the position on back or forward, scrolls to the top
  // otherwise. It does not run on every loaded page, which would take the user back to the last
  // saved position.
  const shown = createMemo(() => !library.list().isPlaceholderData && library.q());
  createEffect(on(shown, (now) => void (now !== false && restore()), { defer: true }));
  onCleanup(() => {
    restoring = -1;
    clearTimeout(timer);
    window.removeEventListener('scroll', saveLater);
    window.removeEventListener('pagehide', save);
  });
  return { save, restore: () => void restore() };
}
