import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createMemo, on, onCleanup } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { useLibrary } from '../library/library-context.tsx';
import { itemPath } from '../library/paths.ts';
import { itemQuery } from '../library/item.queries.ts';
import { afterPaint } from '../ui/after-paint.ts';
import { createClose } from './close.ts';

/** Distance in items from the end of the loaded list at which the next page is requested. */
const PREFETCH_DISTANCE = 5;
/**
 * Maximum number of pages to load to find an item opened by URL. Beyond it, the item has no
 * neighbours.
 */
const MAX_SEARCHED_PAGES = 5;

/**
 * Navigates the list behind the viewer and preloads neighbours.
 *
 * @param state history state of the route: whether the user came from the library
 */
export function createNavigation(state: () => unknown, id: () => string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const library = useLibrary();
  const close = createClose(state);
  const index = createMemo(() => library.items().findIndex((other) => other.id === id()));
  const neighbour = (step: 1 | -1) => (index() === -1 ? undefined : library.items()[index() + step]);

  let searchedPages = 0;
  createEffect(() => {
    const { length } = library.items();
    if (
      index() === -1 ? length > 0 && searchedPages < MAX_SEARCHED_PAGES : index() > length - PREFETCH_DISTANCE
    ) {
      if (library.loadMore() && index() === -1) searchedPages += 1;
    }
  });
  const near = createMemo(() => [neighbour(1), neighbour(-1)].flatMap((item) => item ?? []), undefined, {
    equals: (a, b) => a.map(({ id }) => id).join() === b.map(({ id }) => id).join(),
  });
  createEffect(
    on(near, (items) =>
      onCleanup(
        afterPaint(() => {
          for (const item of items) {
            preload(item);
            void client.prefetchQuery(itemQuery(client, item.id));
          }
        }),
      ),
    ),
  );

  return {
    previous: () => neighbour(-1),
    next: () => neighbour(1),
    /** Position from 1, and the number of known items; null for an item outside the list. */
    place: () => (index() === -1 ? null : { place: index() + 1, count: library.items().length }),
    /** Shows a neighbour. Returns `false` if there is none. */
    go(step: 1 | -1): boolean {
      const to = neighbour(step);
      if (to) navigate(itemPath(to.id, library.q()), { replace: true, scroll: false, state: state() });
      return to !== undefined;
    },
    show: (other: string) => navigate(itemPath(other, ''), { scroll: false, state: state() }),
    /** Shows another item in the place of this one, also in the history. */
    showInstead: (other: string) =>
      navigate(itemPath(other, ''), { replace: true, scroll: false, state: state() }),
    /** Returns to the library. */
    close,
  };
}

/** Preloads only the poster of a video, because most videos are skipped. */
function preload(item: MediaListItem): void {
  const address = item.kind === 'video' ? item.posterUrl : item.url;
  if (address !== null) new Image().src = address;
}
