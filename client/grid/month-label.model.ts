import type { MediaListItem } from '../../app/media/media.schema.ts';
import { collectionOf, hasFilter, splitQuery, takeSort, TRASH } from '../library/query-filters.ts';
import type { createGrid } from './grid.model.ts';

/** Whether the list of a query is ordered by the time of addition. */
export function isByDate(q: string): boolean {
  const { sort, rest } = takeSort(q);
  if (hasFilter(q, TRASH) || sort === 'shared' || collectionOf(q) !== null) return false;
  return sort !== undefined || splitQuery(rest).words.trim() === '';
}

/** The first item, in the order of the list, that reaches below `top`. */
export function itemAtTop(
  grid: Pick<ReturnType<typeof createGrid>, 'visible' | 'item' | 'box'>,
  top: number,
): MediaListItem | undefined {
  // The ids are in the order of the list.
  const id = grid.visible().find((each) => {
    const box = grid.box(each);
    return box !== undefined && box.y + box.height > top;
  });
  return id === undefined ? undefined : grid.item(id);
}
