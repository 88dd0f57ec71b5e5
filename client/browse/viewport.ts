import { createSignal, onCleanup, onMount, type Accessor } from 'solid-js';
import type { Viewport } from './grid.model.ts';

/** A caption is one step smaller than the text and 1.4 times as high; the stylesheet of the tile says the same. */
const CAPTION_REM = 0.875 * 1.4;

/** Follows scrolling and size of the page around an element, at most once a frame. */
export function createViewport(element: Accessor<HTMLElement>): Accessor<Viewport> {
  const [viewport, setViewport] = createSignal<Viewport>({ top: 0, height: 0, width: 0, line: 0 });
  onMount(() => {
    let frame = 0;
    const measure = () => {
      frame = 0;
      const rect = element().getBoundingClientRect();
      setViewport({
        top: -rect.top,
        height: window.innerHeight,
        width: element().clientWidth,
        line: parseFloat(getComputedStyle(document.documentElement).fontSize) * CAPTION_REM,
      });
    };
    const soon = () => {
      frame ||= requestAnimationFrame(measure);
    };
    const resizes = new ResizeObserver(measure);
    resizes.observe(element());
    window.addEventListener('scroll', soon, { passive: true });
    window.addEventListener('resize', soon);
    measure();
    onCleanup(() => {
      cancelAnimationFrame(frame);
      resizes.disconnect();
      window.removeEventListener('scroll', soon);
      window.removeEventListener('resize', soon);
    });
  });
  return viewport;
}
