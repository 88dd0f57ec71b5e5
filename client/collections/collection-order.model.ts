import type { MediaListItem } from '../../app/media/media.schema.ts';
import type { Pages } from '../library/list-pages.ts';

/**
 * Returns the item behind which items go that move by a step: an id, or `null` for the beginning.
 * Several move as one block. `undefined` if they cannot go further.
 */
export function stepTarget(
  order: readonly string[],
  moved: readonly string[],
  step: -1 | 1,
): string | null | undefined {
  const rest = order.filter((id) => !moved.includes(id));
  const first = order.findIndex((id) => moved.includes(id));
  if (first === -1) return undefined;
  const before = first + step;
  const isBlock = moved.every((id) => order.slice(first, first + moved.length).includes(id));
  // A block that lies apart is first brought together, at its first item.
  if (!isBlock && step === -1) return rest[first - 1] ?? null;
  if (before < 0 || before > rest.length) return undefined;
  return before === 0 ? null : rest[before - 1];
}

/** Returns the item behind which items go that are dropped before or behind another one. */
export function dropTarget(
  order: readonly string[],
  moved: readonly string[],
  onto: string,
  side: 'before' | 'after',
): string | null | undefined {
  const rest = order.filter((id) => !moved.includes(id));
  const at = rest.indexOf(onto);
  if (at === -1) return undefined;
  return side === 'after' ? onto : (rest[at - 1] ?? null);
}

/** Moves items behind another one in the loaded pages; `null`: to the beginning. */
export function withMoved(pages: Pages, ids: readonly string[], after: string | null): Pages {
  const all = pages.pages.flatMap(({ items }) => items);
  const moved = ids.flatMap((id) => all.find((item) => item.id === id) ?? []);
  const rest = all.filter(({ id }) => !ids.includes(id));
  const at = after === null ? 0 : rest.findIndex(({ id }) => id === after) + 1;
  const order: MediaListItem[] = rest.toSpliced(at, 0, ...moved);
  let from = 0;
  return {
    ...pages,
    pages: pages.pages.map((page) => {
      const items = order.slice(from, from + page.items.length);
      from += page.items.length;
      return { ...page, items };
    }),
  };
}
