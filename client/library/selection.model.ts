import { createEffect, createMemo, createSignal, on, type Accessor } from 'solid-js';

/** What is selected of the list on screen. Not more than what is loaded, and nothing of another list. */
export type Selection = ReturnType<typeof createSelection>;

/**
 * Selecting many, as file managers do it: toggling one makes it the anchor, extending selects from the anchor to another in
 * the order of the list, and extending again moves only that stretch.
 *
 * @param order ids of the list, in its order
 * @param list what the list shows: another one begins with nothing selected
 */
export function createSelection(order: Accessor<readonly string[]>, list: Accessor<string>) {
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  let anchor: string | null = null;
  /** What was selected when the anchor was set. */
  let base: ReadonlySet<string> = chosen();

  const clear = () => {
    anchor = null;
    base = new Set();
    if (chosen().size > 0) setChosen(base);
  };
  createEffect(on(list, clear, { defer: true }));

  /** In the order of the list, without what has left it meanwhile. */
  const ids = createMemo((): readonly string[] =>
    chosen().size === 0 ? [] : order().filter((id) => chosen().has(id)),
  );

  function toggle(id: string): void {
    const next = new Set(chosen());
    if (!next.delete(id)) next.add(id);
    anchor = id;
    base = next;
    setChosen(next);
  }

  return {
    ids,
    count: () => ids().length,
    active: createMemo(() => ids().length > 0),
    has: (id: string) => chosen().has(id),
    toggle,
    /** From the anchor, or from `from` when there is none, to `id`. */
    extend(id: string, from: string = id): void {
      const all = order();
      if (anchor === null || !all.includes(anchor)) {
        anchor = from;
        base = chosen();
      }
      const [start, end] = [all.indexOf(anchor), all.indexOf(id)].toSorted((a, b) => a - b);
      if (start === undefined || end === undefined || start < 0) return;
      setChosen(new Set([...base, ...all.slice(start, end + 1)]));
    },
    all(): void {
      setChosen(new Set(order()));
    },
    clear,
  };
}
