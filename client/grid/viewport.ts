import { createSignal, onCleanup, onMount, type Accessor } from 'solid-js';
import { isDrawn } from '../ui/scheduler.tsx';
import type { Viewport } from './grid.model.ts';

/** A caption is one step smaller than the text and 1.4 times as high; the stylesheet of the tile says the same. */
const CAPTION_REM = 0.875 * 1.4;

/**
 * Follows scrolling and size of the page around an element, at most once a frame. Layout is read only when a size
 * changes: scrolling alone reads one number. The first list of a page is measured when the page around it has been drawn: its
 * tiles are then made in a task of their own, and reading sizes lays nothing out in the middle of one.
 */
export function createViewport(element: Accessor<HTMLElement>): Accessor<Viewport> {
  const [viewport, setViewport] = createSignal<Viewport>({ top: 0, height: 0, width: 0, line: 0 });
  onMount(() => {
    let frame = 0;
    let offset = 0;
    const scroll = () => {
      frame = 0;
      setViewport((now) => ({ ...now, top: window.scrollY - offset }));
    };
    const measure = () => {
      offset = element().getBoundingClientRect().top + window.scrollY;
      setViewport({
        top: window.scrollY - offset,
        height: window.innerHeight,
        width: element().clientWidth,
        line: parseFloat(getComputedStyle(document.documentElement).fontSize) * CAPTION_REM,
      });
    };
    const soon = () => {
      frame ||= requestAnimationFrame(scroll);
    };
    const resizes = new ResizeObserver(measure);
    let gone = false;
    const follow = () => {
      if (gone) return;
      resizes.observe(element());
      // What stands above the list moves it without changing its size.
      const around = element().parentElement;
      if (around) resizes.observe(around);
      window.addEventListener('scroll', soon, { passive: true });
      window.addEventListener('resize', measure);
      measure();
    };
    // Out of sight nothing is drawn that could be waited for.
    if (isDrawn()) follow();
    else requestAnimationFrame(() => setTimeout(follow));
    onCleanup(() => {
      gone = true;
      cancelAnimationFrame(frame);
      resizes.disconnect();
      window.removeEventListener('scroll', soon);
      window.removeEventListener('resize', measure);
    });
  });
  return viewport;
}
