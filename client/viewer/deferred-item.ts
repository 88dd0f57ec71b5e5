import { createEffect, createMemo, createSignal, on, onCleanup, type Accessor } from 'solid-js';
import { afterPaint } from '../ui/after-paint.ts';

/**
 * Returns the current item, delayed until after the next paint. Use it for expensive siblings (the
 * details panel), so that navigation paints the image first. Until then the previous item stays,
 * inert. There is no delay without a previous item or in a hidden page.
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
      if (isBehind()) onCleanup(afterPaint(() => setDue(now)));
      else setDue(now);
    }),
  );
  return { item, isBehind };
}
