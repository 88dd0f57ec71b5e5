import { createMemo, createSignal, type Accessor } from 'solid-js';

/** A tag and the number of selected items that have it. */
export interface Count {
  name: string;
  count: number;
}

/** Counts the tags of several items, most used first. */
export function countTags(items: readonly { tags: readonly string[] }[]): Count[] {
  const counts = new Map<string, number>();
  for (const { tags } of items) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name));
}

/** A pending change of tags on many items: tags to add and tags to remove. */
export function createTagging(items: Accessor<readonly { tags: readonly string[] }[]>) {
  const [typed, setTyped] = createSignal('');
  const [added, setAdded] = createSignal<readonly string[]>([]);
  const [removed, setRemoved] = createSignal<ReadonlySet<string>>(new Set());
  const there = createMemo(() => countTags(items()));

  const add = (names: readonly string[]) =>
    setAdded((now) => [...new Set([...now, ...names.map((name) => name.trim()).filter(Boolean)])]);

  return {
    typed,
    /** Turns the text before a comma into a tag; the rest stays in the field. */
    type(text: string): void {
      const parts = text.split(',');
      setTyped(parts.pop() ?? '');
      if (parts.length > 0) add(parts);
    },
    /** Adds the typed text as a tag; `false` if there is none. */
    take(): boolean {
      if (typed().trim() === '') return false;
      add([typed()]);
      setTyped('');
      return true;
    },
    add(name: string): void {
      add([name]);
      setTyped('');
    },
    drop: (name: string) => setAdded((now) => now.filter((other) => other !== name)),
    added,
    there,
    removes: (name: string) => removed().has(name),
    toggle(name: string): void {
      const next = new Set(removed());
      if (!next.delete(name)) next.add(name);
      setRemoved(next);
    },
    /** The change to send, including typed text without a comma. */
    changes: () => ({
      add: [...new Set([...added(), typed().trim()].filter(Boolean))],
      remove: [...removed()],
    }),
  };
}
