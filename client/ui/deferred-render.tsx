import { createSignal, onCleanup, Show, type ParentProps } from 'solid-js';

/**
 * Shows its children a frame and a task after it is shown itself: for what comes of a press beside its answer and takes long to
 * make (https://web.dev/articles/optimize-long-tasks). At once where nothing is drawn.
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
