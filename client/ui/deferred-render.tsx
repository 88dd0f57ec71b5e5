import { createSignal, onCleanup, Show, type ParentProps } from 'solid-js';

/**
 * Renders its children one frame and one task later (https://web.dev/articles/optimize-long-tasks).
 * Use it for slow content beside the response to a press. In a hidden page it renders at once.
 */
export function DeferredRender(props: ParentProps) {
  const [come, setCome] = createSignal(document.hidden);
  if (!come()) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => (timer = setTimeout(() => setCome(true))));
    onCleanup(() => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    });
  }
  return <Show when={come()}>{props.children}</Show>;
}
