import { onCleanup } from 'solid-js';

/** Delay after the visible images have loaded, in milliseconds, so that they are painted first. */
const PAINT_DELAY_MS = 300;
/** Maximum time to wait for images, in milliseconds. */
const MAX_IMAGE_WAIT_MS = 2000;

/**
 * Calls `go` once all visible images have loaded, or on the first scroll. On a slow line,
 * off-screen tiles would otherwise compete with visible ones for bandwidth.
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
  // Two frames, because the first callback runs before anything is painted.
  requestAnimationFrame(() => requestAnimationFrame(look));
  window.addEventListener('scroll', go, { once: true, passive: true });
  onCleanup(() => {
    clearTimeout(timer);
    window.removeEventListener('scroll', go);
  });
}
