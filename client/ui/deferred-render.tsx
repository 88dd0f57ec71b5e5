import { createSignal, onCleanup, Show, type ParentProps } from 'solid-js';
import { afterPaint } from './after-paint.ts';

/**
 * Renders its children after the next paint. Use it for slow content beside the response to a
 * press. In a hidden page it renders at once.
 */
export function DeferredRender(props: ParentProps) {
  const [come, setCome] = createSignal(false);
  onCleanup(afterPaint(() => setCome(true)));
  return <Show when={come()}>{props.children}</Show>;
}
