import type { QueryClient } from '@tanstack/solid-query';
import type { MediaItem, MediaListItem } from '../../app/media/media.schema.ts';
import { api, unwrap } from '../api/client.ts';
import { postToTabs } from '../api/broadcast.ts';
import { inBatches } from './bulk-actions.ts';
import { findInLists, refetchSearches } from './list-cache.ts';
import { listKey } from './list.queries.ts';
import { withFavourites, type Favourites, type Pages } from './list-pages.ts';

type Favoured = Pick<MediaListItem, 'id' | 'favourites' | 'favourite'>;

/** The last request for each item. An answer to an earlier one says nothing about the item. */
const lastRequests = new Map<string, symbol>();
/** Requests follow each other, so that the last press decides. */
let queue: Promise<unknown> = Promise.resolve();

/**
 * Makes items favourites of the user, or no longer. They show it at once, and as before if the
 * server refuses.
 *
 * @returns the number of items that the server changed, and a function that changes exactly those
 *   back
 */
export async function changeFavourites(
  client: QueryClient,
  items: readonly Favoured[],
  favourite: boolean,
): Promise<{ count: number; undo: () => Promise<void> }> {
  const targets = items.filter((item) => item.favourite !== favourite);
  const ids = targets.map(({ id }) => id);
  const request = Symbol('favourites');
  for (const id of ids) lastRequests.set(id, request);
  const show = (some: readonly Favoured[]) =>
    showFavourites(client, new Map(some.flatMap((item) => (isLast(item.id) ? [[item.id, item]] : []))));
  const isLast = (id: string) => lastRequests.get(id) === request;

  show(targets.map((item) => ({ ...item, favourite, favourites: item.favourites + (favourite ? 1 : -1) })));
  const changed: string[] = [];
  const send = async () => {
    const left = new Map(targets.map((item) => [item.id, item]));
    try {
      await inBatches(ids, async (some) => {
        const done = await unwrap(api.favourites.$put({ json: { ids: some, favourite } }));
        changed.push(...done.changed);
        show(done.items);
        for (const { id } of done.items) left.delete(id);
      });
    } finally {
      show([...left.values()]);
      for (const id of ids) if (isLast(id)) lastRequests.delete(id);
    }
  };
  const sending = queue.then(send);
  queue = sending.catch(() => {});
  await sending;
  refetchSearches(client, 'is:favourite');
  postToTabs({ is: 'items', ids });
  const before = new Set(changed);
  return {
    count: changed.length,
    undo: async () => {
      const back = targets.filter(({ id }) => before.has(id)).map((item) => ({ ...item, favourite }));
      await changeFavourites(
        client,
        back.map((item) => known(client, item)),
        !favourite,
      );
    },
  };
}

/** The item as it shows now; as given if it shows nowhere. */
const known = (client: QueryClient, item: Favoured): Favoured =>
  client.getQueryData<MediaItem>(['media', 'item', item.id]) ?? findInLists(client, item.id) ?? item;

function showFavourites(client: QueryClient, changes: ReadonlyMap<string, Favourites>): void {
  client.setQueriesData<Pages>({ queryKey: listKey }, (pages) => pages && withFavourites(pages, changes));
  for (const [id, { favourites, favourite }] of changes)
    client.setQueryData<MediaItem>(
      ['media', 'item', id],
      (item) => item && { ...item, favourites, favourite },
    );
}
