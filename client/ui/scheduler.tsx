import {
  createComputed,
  createSignal,
  onCleanup,
  Show,
  untrack,
  type Accessor,
  type ParentProps,
} from 'solid-js';

/** Whether the page has been painted completely; later content renders at once. */
let painted = false;

/** Whether content may render at once. A hidden page paints nothing, so it need not wait. */
export const isPainted = () => painted || document.hidden;

/**
 * Renders its children in a later task, to split the first render into short tasks. The page can
 * then respond to a press in between (https://web.dev/articles/optimize-long-tasks). Use it for
 * content below the fold.
 */
export function AfterTask(props: ParentProps) {
  const [ready, setReady] = createSignal(isPainted());
  if (!ready()) {
    const timer = setTimeout(() => setReady(true));
    onCleanup(() => clearTimeout(timer));
  }
  return <Show when={ready()}>{props.children}</Show>;
}

/**
 * Items rendered per task. A phone needs ten milliseconds to request one image, so more would make
 * a long task.
 */
const ITEMS_PER_TASK = 2;

/**
 * Ids of the list elements to render now. Removed ids disappear at once; new ones are added a few
 * per task.
 *
 * @param wanted all ids of the final list, in order
 * @param first whether an id is visible and so precedes others
 */
export function createIncrementalList(
  wanted: Accessor<readonly string[]>,
  first: (id: string) => boolean,
): Accessor<readonly string[]> {
  const [rendered, setRendered] = createSignal<readonly string[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const addBatch = () => {
    const all = wanted();
    const old = new Set(rendered());
    const missing = all.filter((id) => !old.has(id));
    if (missing.length <= ITEMS_PER_TASK || document.hidden) {
      painted ||= all.length > 0;
      setRendered(all);
      return;
    }
    const next = new Set([...missing.filter(first), ...missing].slice(0, ITEMS_PER_TASK));
    setRendered(all.filter((id) => old.has(id) || next.has(id)));
    timer = setTimeout(addBatch);
  };
  createComputed(() => {
    wanted();
    clearTimeout(timer);
    untrack(addBatch);
  });
  onCleanup(() => clearTimeout(timer));
  return rendered;
}
