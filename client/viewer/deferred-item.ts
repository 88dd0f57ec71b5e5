import { createEffect, createMemo, createSignal, on, onCleanup, type Accessor } from 'solid-js';

/**
 * Returns the current item, delayed by one frame and one task
 * (https://web.dev/articles/optimize-long-tasks). Use it for expensive siblings (the details
 * panel), so that navigation paints the image first. Until then the previous item stays, inert.
 * There is no delay without a previous item or in a hidden page.
 */
export function createDeferred<Item extends { readonly id: string }>(
  shown: Accessor<Item | undefined>,
): { item: Accessor<Item | undefined>; isBehind: Accessor<boolean> } {
  const id = createMemo(() => shown()?.id);
  const [due, setDue] = createSignal(id());
  const item = createMemo<Item | undefined>((before) => {
    const now = shown();
    return now === undefined || before === undefined || now.id === due() ? now : before;
  });
  const isBehind = () => item()?.id !== id();
  createEffect(
    on(id, (now) => {
      if (!isBehind() || document.hidden) {
        setDue(now);
        return;
      }
      let timer: ReturnType<typeof setTimeout> | undefined;
      const frame = requestAnimationFrame(() => (timer = setTimeout(() => setDue(now))));
      onCleanup(() => {
        cancelAnimationFrame(frame);
        clearTimeout(timer);
      });
    }),
  );
  return { item, isBehind };
}
