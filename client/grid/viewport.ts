import { createSignal, onCleanup, onMount, type Accessor } from 'solid-js';
import { isPainted } from '../ui/scheduler.tsx';
import type { Viewport } from './grid.model.ts';

/**
 * Caption line height: one text step smaller, times 1.4. The tile's stylesheet has the same values.
 */
const CAPTION_REM = 0.875 * 1.4;

/**
 * Tracks scroll position and size of an element, at most once a frame. It reads layout only when a
 * size changes; scrolling reads one number. The first list is measured after the page around it is
 * painted. Its tiles then render in a task of their own, without a forced layout.
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
      // Also observes the parent: content above the list moves it without changing its size.
      const around = element().parentElement;
      if (around) resizes.observe(around);
      window.addEventListener('scroll', soon, { passive: true });
      window.addEventListener('resize', measure);
      measure();
    };
    // A hidden page paints nothing, so there is no paint to wait for.
    if (isPainted()) follow();
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
