import { createEffect, createMemo, on, onCleanup, onMount, type Accessor } from 'solid-js';
import type { createGrid, Viewport } from './grid.model.ts';
import { saveScrollPosition, savedScrollPosition, type ScrollPosition } from './scroll-position.ts';

/** How long scrolling rests before the place is kept, in milliseconds. Safari bears 100 changes of the history in 30 s. */
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
 * Keeps the place in a list with the step of the history it belongs to, and finds it again after going back and after a
 * reload, loading as many pages as had been. Whoever begins to scroll meanwhile is left alone.
 */
export function createScrollRestoration({ list, library, grid, viewport }: ScrollRestorationProps) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let restoring = 0;

  const here = (): ScrollPosition | null => {
    const { top } = viewport();
    if (window.scrollY === 0) return null;
    const index = grid.boxes().findIndex((box) => box.y + box.height > top);
    const [item, box] = [library.items()[index], grid.boxes()[index]];
    return item && box
      ? { id: item.id, offset: Math.round(box.y - top), count: library.items().length }
      : null;
  };
  const keep = () => {
    clearTimeout(timer);
    if (restoring === 0) saveScrollPosition(here());
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, SCROLL_IDLE_MS);
  };

  async function restore(): Promise<void> {
    const place = savedScrollPosition();
    const mine = ++restoring;
    const goesOn = () => restoring === mine;
    const stop = () => {
      restoring = 0;
    };
    if (!place) return stop();
    const scrolls = ['wheel', 'touchmove', 'keydown', 'pointerdown'];
    for (const type of scrolls) window.addEventListener(type, stop, { passive: true, once: true });
    // With a screen below it, or the page could not be scrolled so far.
    const reached = () => {
      const box = grid.box(place.id);
      return box && box.y + viewport().height - place.offset < grid.height();
    };
    // Deleted meanwhile, the place is where as many had been loaded.
    while (goesOn() && !reached() && library.items().length < place.count)
      if (!(await library.loadNext())) break;
    if (goesOn()) {
      // Not before the list is as high as that.
      await new Promise((next) => requestAnimationFrame(next));
      const box = grid.box(place.id) ?? grid.boxes().at(-1);
      if (box && goesOn())
        // From where the list is now: the viewport follows a frame later, and the browser may have scrolled meanwhile.
        window.scrollBy({
          top: box.y + list.getBoundingClientRect().top - place.offset,
          behavior: 'instant',
        });
      stop();
    }
    for (const type of scrolls) window.removeEventListener(type, stop);
  }

  window.addEventListener('scroll', soon, { passive: true });
  window.addEventListener('pagehide', keep);
  onMount(() => void restore());
  // Another list in the same place: going back to it finds the place in it, going to it anew begins at the top.
  // Not at every page that comes: someone who scrolls on would be taken back to where they last rested.
  const shown = createMemo(() => !library.list().isPlaceholderData && library.q());
  createEffect(on(shown, (now) => void (now !== false && restore()), { defer: true }));
  onCleanup(() => {
    restoring = -1;
    clearTimeout(timer);
    window.removeEventListener('scroll', soon);
    window.removeEventListener('pagehide', keep);
  });
  return { keep, restore: () => void restore() };
}
