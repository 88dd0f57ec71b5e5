import { createEffect, createMemo, createSignal, on, onCleanup, type Accessor } from 'solid-js';

/**
 * What is shown, a frame and a task after it is: for what stands beside it and takes long to make, so that a press is
 * answered by the picture and not by all that is known of it (https://web.dev/articles/optimize-long-tasks). Until then it is
 * what was there before, and nobody may act on it; at once where nothing was there, and where nothing is drawn.
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
