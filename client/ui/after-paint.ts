/**
 * Runs `work` one frame and one task later (https://web.dev/articles/optimize-long-tasks). So the
 * response to a press is painted before it. In a hidden page, which paints nothing, it runs at
 * once.
 *
 * @returns a function that cancels it
 * @example
 * onCleanup(afterPaint(() => preload(neighbour)));
 */
export function afterPaint(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  if (document.hidden) work();
  else frame = requestAnimationFrame(() => (timer = setTimeout(work)));
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
