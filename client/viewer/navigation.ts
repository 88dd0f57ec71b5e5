import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createMemo, on } from 'solid-js';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { useLibrary } from '../library/library-context.tsx';
import { libraryPath, itemPath } from '../library/paths.ts';
import { itemQuery } from '../library/item.queries.ts';

/** The next page is asked for this many pictures before its first. */
const PREFETCH_DISTANCE = 5;
/** Pages loaded to find the place of a picture that was opened by its address; beyond, it stands alone. */
const MAX_SEARCHED_PAGES = 5;

/**
 * Walking through the list behind an opened picture. Neighbours are loaded before they are looked at.
 *
 * @param state what the address was gone to with: whether one came from the folder
 */
export function createNavigation(state: () => unknown, id: () => string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const library = useLibrary();
  const index = createMemo(() => library.items().findIndex((other) => other.id === id()));
  const neighbour = (step: 1 | -1) => (index() === -1 ? undefined : library.items()[index() + step]);

  let sought = 0;
  createEffect(() => {
    const { length } = library.items();
    if (index() === -1 ? length > 0 && sought < MAX_SEARCHED_PAGES : index() > length - PREFETCH_DISTANCE) {
      if (index() === -1) sought += 1;
      library.loadMore();
    }
  });
  const near = createMemo(() => [neighbour(1), neighbour(-1)].flatMap((item) => item ?? []), undefined, {
    equals: (a, b) => a.map(({ id }) => id).join() === b.map(({ id }) => id).join(),
  });
  createEffect(
    on(near, (items) => {
      for (const item of items) {
        preload(item);
        void client.prefetchQuery(itemQuery(client, item.id));
      }
    }),
  );

  return {
    previous: () => neighbour(-1),
    next: () => neighbour(1),
    /** Where one is, from 1, and how many are known; null for a picture outside the list. */
    place: () => (index() === -1 ? null : { place: index() + 1, count: library.items().length }),
    go(step: 1 | -1): void {
      const to = neighbour(step);
      if (!to) return;
      navigate(itemPath(to.id, library.q()), { replace: true, scroll: false, state: state() });
    },
    show: (other: string) => navigate(itemPath(other, ''), { scroll: false, state: state() }),
    /** Back to the folder: by the way one came, so that the browser's own way back is not doubled. */
    close: (): void => {
      if (Object(state())['fromFolder'] === true) navigate(-1);
      else navigate(libraryPath(library.q()), { scroll: false });
    },
  };
}

/** Of a video only its still: most are passed by. */
function preload(item: MediaListItem): void {
  const address = item.kind === 'video' ? item.posterUrl : item.url;
  if (address !== null) new Image().src = address;
}
