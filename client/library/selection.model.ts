import { createEffect, createMemo, createSignal, on, type Accessor } from 'solid-js';

/** The selected items of the list on screen. It contains only loaded items of this list. */
export type Selection = ReturnType<typeof createSelection>;

/**
 * Multi-selection as in file managers. Toggling an item makes it the anchor. Extending selects from
 * the anchor to another item, in list order; extending again moves only that range.
 *
 * @param order ids of the list, in its order
 * @param list key of the list; a change clears the selection
 */
export function createSelection(order: Accessor<readonly string[]>, list: Accessor<string>) {
  const [chosen, setChosen] = createSignal<ReadonlySet<string>>(new Set());
  let anchor: string | null = null;
  /** The selection when the anchor was set. */
  let base: ReadonlySet<string> = chosen();

  const clear = () => {
    anchor = null;
    base = new Set();
    if (chosen().size > 0) setChosen(base);
  };
  createEffect(on(list, clear, { defer: true }));

  /** Selected ids in list order, without items that have left the list. */
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
    /** Extends from the anchor, or from `from` if there is none, to `id`. */
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
