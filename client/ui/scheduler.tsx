import {
  createComputed,
  createSignal,
  onCleanup,
  Show,
  untrack,
  type Accessor,
  type ParentProps,
} from 'solid-js';

/** Whether this page has been drawn as a whole: from then on everything comes at once. */
let drawn = false;

/** Whether there is nothing to wait for: out of sight nothing is drawn. */
export const isDrawn = () => drawn || document.hidden;

/**
 * Shows its children in a task of its own. A page that is loaded is made in several short tasks instead of a long one, so that
 * a press in between is answered (https://web.dev/articles/optimize-long-tasks). For what stands below everything before it.
 */
export function AfterTask(props: ParentProps) {
  const [come, setCome] = createSignal(isDrawn());
  if (!come()) {
    const timer = setTimeout(() => setCome(true));
    onCleanup(() => clearTimeout(timer));
  }
  return <Show when={come()}>{props.children}</Show>;
}

/** Pictures of a list that one task makes: more would be a long one on a phone, which takes ten milliseconds to ask for one. */
const ITEMS_PER_TASK = 2;

/**
 * The ids of those elements of a list that may be there: what is no longer wanted goes at once, what is new comes a few at a
 * time.
 *
 * @param wanted all that shall be there in the end, in their order
 * @param first whether one comes before others, because it is looked at
 */
export function createIncrementalList(
  wanted: Accessor<readonly string[]>,
  first: (id: string) => boolean,
): Accessor<readonly string[]> {
  const [there, setThere] = createSignal<readonly string[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const goOn = () => {
    const all = wanted();
    const old = new Set(there());
    const missing = all.filter((id) => !old.has(id));
    if (missing.length <= ITEMS_PER_TASK || document.hidden) {
      drawn ||= all.length > 0;
      setThere(all);
      return;
    }
    const next = new Set([...missing.filter(first), ...missing].slice(0, ITEMS_PER_TASK));
    setThere(all.filter((id) => old.has(id) || next.has(id)));
    timer = setTimeout(goOn);
  };
  createComputed(() => {
    wanted();
    clearTimeout(timer);
    untrack(goOn);
  });
  onCleanup(() => clearTimeout(timer));
  return there;
}
