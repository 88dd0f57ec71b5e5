import { onCleanup } from 'solid-js';

/** How long after that, in milliseconds: what has come is drawn first. */
const PAINT_DELAY_MS = 300;
/** Pictures that take longer than this, in milliseconds, keep nothing waiting. */
const MAX_IMAGE_WAIT_MS = 2000;

/**
 * Calls `go` when it is time for tiles that nobody sees yet: once what is on the screen has its pictures, or as soon as
 * somebody scrolls. On a slow line they would take a share of it from those that are looked at.
 */
export function deferUntilVisibleLoaded(list: HTMLElement, go: () => void): void {
  let timer = setTimeout(go, MAX_IMAGE_WAIT_MS);
  const look = () => {
    const missing = [...list.querySelectorAll('img')].find((img) => !img.complete);
    if (!missing) {
      clearTimeout(timer);
      timer = setTimeout(go, PAINT_DELAY_MS);
      return;
    }
    for (const type of ['load', 'error']) missing.addEventListener(type, look, { once: true });
  };
  // Twice: the first comes before anything is painted.
  requestAnimationFrame(() => requestAnimationFrame(look));
  window.addEventListener('scroll', go, { once: true, passive: true });
  onCleanup(() => {
    clearTimeout(timer);
    window.removeEventListener('scroll', go);
  });
}
