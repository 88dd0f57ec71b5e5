import type { QueryClient } from '@tanstack/solid-query';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { api, unwrap } from '../api/client.ts';
import { reinsertItems, refetchSearches, removeFromLists } from './list-cache.ts';
import { updateTagsInLists } from './tag-cache.ts';
import { MAX_BULK_ITEMS } from '../../app/media/media.limits.ts';

type Ids = readonly string[];

/** Runs an action on any number of items, batch by batch. */
export async function inBatches<Result>(
  ids: Ids,
  act: (some: string[]) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < ids.length; from += MAX_BULK_ITEMS)
    results.push(await act(ids.slice(from, from + MAX_BULK_ITEMS)));
  return results;
}

/**
 * Deletes items. They leave the screen at once; items the server did not delete return.
 *
 * @returns the number of deleted items, and a function that restores exactly those
 */
export async function deleteItems(client: QueryClient, items: readonly MediaListItem[]) {
  const ids = items.map(({ id }) => id);
  const deleted = new Set<string>();
  removeFromLists(client, ids);
  try {
    await inBatches(ids, async (some) => {
      for (const id of (await unwrap(api.media.trash.$post({ json: { ids: some } }))).ids) deleted.add(id);
    });
  } finally {
    reinsertItems(
      client,
      items.filter(({ id }) => !deleted.has(id)),
    );
  }
  return {
    count: deleted.size,
    undo: () =>
      restoreItems(
        client,
        items.filter(({ id }) => deleted.has(id)),
      ),
  };
}

/** Restores items from the trash. Returns the number of restored items. */
export async function restoreItems(client: QueryClient, items: readonly MediaListItem[]): Promise<number> {
  const ids = items.map(({ id }) => id);
  const parts = await inBatches(ids, (some) => unwrap(api.media.restore.$post({ json: { ids: some } })));
  const back = new Set(parts.flatMap((part) => part.ids));
  removeFromLists(client, back);
  // As the server answers them: in the trash they had other addresses.
  reinsertItems(
    client,
    parts.flatMap((part) => part.items),
  );
  return back.size;
}

/**
 * Adds tags to items, removes others, and updates every list that shows the items.
 *
 * @returns a function that gives each item back the tags it had
 */
export async function tagItems(
  client: QueryClient,
  items: readonly Pick<MediaListItem, 'id' | 'tags'>[],
  add: string[],
  remove: string[],
): Promise<() => Promise<void>> {
  const before = items.map(({ id, tags }) => ({ id, tags }));
  const [done] = await changeTags(
    client,
    before.map(({ id }) => id),
    { add, remove },
  );
  return async () => {
    const having = (tag: string, had: boolean) =>
      before.filter(({ tags }) => tags.includes(tag) === had).map(({ id }) => id);
    for (const tag of done?.add ?? []) await changeTags(client, having(tag, false), { remove: [tag] });
    for (const tag of done?.remove ?? []) await changeTags(client, having(tag, true), { add: [tag] });
  };
}

/** Changes tags of items, batch by batch. Returns the changes in the server's spelling. */
async function changeTags(client: QueryClient, ids: Ids, change: { add?: string[]; remove?: string[] }) {
  const done = await inBatches(ids, async (some) => {
    const made = await unwrap(
      api.tags.changes.$post({ json: { add: [], remove: [], ...change, ids: some } }),
    );
    updateTagsInLists(client, new Set(some), made);
    return made;
  });
  refetchSearches(client);
  void client.invalidateQueries({ queryKey: ['tags'] });
  void client.invalidateQueries({ queryKey: ['media', 'item'] });
  return done;
}

/**
 * Downloads items as one archive. It uses a form instead of fetch, so that the browser streams the
 * file to disk and lists the download. The target is a hidden frame; an error response loads there,
 * which signals the failure.
 */
export function downloadItems(ids: Ids, onFailure: () => void): void {
  const frame = document.createElement('iframe');
  frame.name = `zip-${Date.now()}`;
  frame.hidden = true;
  document.body.append(frame);
  frame.addEventListener('load', onFailure);
  const form = document.createElement('form');
  form.method = 'post';
  form.action = '/api/media/zip';
  form.target = frame.name;
  form.hidden = true;
  const field = document.createElement('input');
  field.name = 'ids';
  field.value = ids.join(',');
  form.append(field);
  document.body.append(form);
  form.submit();
  form.remove();
}
