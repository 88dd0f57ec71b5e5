import { createMemo, createSignal, type Accessor } from 'solid-js';

/** A tag and how many of the selected items have it. */
export interface Count {
  name: string;
  count: number;
}

/** Tags of several items, the most used first. */
export function countTags(items: readonly { tags: readonly string[] }[]): Count[] {
  const counts = new Map<string, number>();
  for (const { tags } of items) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name));
}

/** A change of the tags of many items before it is made: what to add, and what to take away. */
export function createTagging(items: Accessor<readonly { tags: readonly string[] }[]>) {
  const [typed, setTyped] = createSignal('');
  const [added, setAdded] = createSignal<readonly string[]>([]);
  const [removed, setRemoved] = createSignal<ReadonlySet<string>>(new Set());
  const there = createMemo(() => countTags(items()));

  const add = (names: readonly string[]) =>
    setAdded((now) => [...new Set([...now, ...names.map((name) => name.trim()).filter(Boolean)])]);

  return {
    typed,
    /** What stands before a comma is a tag; the rest is still being typed. */
    type(text: string): void {
      const parts = text.split(',');
      setTyped(parts.pop() ?? '');
      if (parts.length > 0) add(parts);
    },
    /** Takes what is typed as a tag; `false` when there is nothing. */
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
    /** What would be sent, what is typed but not ended included. */
    changes: () => ({
      add: [...new Set([...added(), typed().trim()].filter(Boolean))],
      remove: [...removed()],
    }),
  };
}
