import { hashKey, type QueryClient } from '@tanstack/solid-query';
import type { User } from '../../app/auth/auth.schema.ts';
import type { MediaList } from '../../app/media/media.schema.ts';
import { toApiError } from '../api/errors.ts';
import { meQuery } from '../auth/session.queries.ts';
import { FOLDER_CACHE } from '../pwa/caches.ts';
import { listQuery } from './list.queries.ts';

/** Maximum number of kept items: two pages, about 150 kB. */
const MAX_KEPT_ITEMS = 120;
/** Delay between a change and its copy, in milliseconds: changes come in bursts. */
const SAVE_DELAY_MS = 2000;

/** A copy of the newest items, with the person who saw them. */
interface KeptFolder {
  user: User;
  list: MediaList;
}

/** Address of the copy. It names the release, because another may read items of another shape. */
const address = (): string => {
  const script = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  return `/kept-folder?release=${encodeURIComponent(new URL(script?.src ?? '/', location.href).pathname)}`;
};

const folderKey = listQuery('').queryKey;

/** Hashes of the queries whose change makes a new copy: the items, and who is signed in. */
const WATCHED = new Set([folderKey, meQuery.queryKey].map(hashKey));

/**
 * Keeps a copy of the newest items in the browser, for a start without a connection. There is one
 * copy, that of the last person. Signing out deletes it. While the session has ended or another
 * person has signed in, nothing is written.
 *
 * @returns a function that ends it
 */
export function keepFolder(client: QueryClient, user: User): () => void {
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const maySave = () => !ended && client.getQueryData(meQuery.queryKey)?.user?.id === user.id;
  const save = async () => {
    const pages = client.getQueryData<{ pages: MediaList[] }>(folderKey)?.pages;
    const [first] = pages ?? [];
    if (!pages || !first || !maySave()) return;
    const items = pages.flatMap((page) => page.items).slice(0, MAX_KEPT_ITEMS);
    const kept: KeptFolder = {
      user,
      list: { ...first, items, nextCursor: cursorAfter(pages, items.length) },
    };
    const cache = await caches.open(FOLDER_CACHE);
    for (const old of await cache.keys()) await cache.delete(old);
    await cache.put(address(), Response.json(kept));
    // Signed out meanwhile.
    if (!maySave()) await caches.delete(FOLDER_CACHE);
  };
  const plan = () => {
    clearTimeout(timer);
    // A full disk or blocked storage leaves no copy; the page works without.
    timer = setTimeout(() => void save().catch(console.warn), SAVE_DELAY_MS);
  };
  const stop = client.getQueryCache().subscribe(({ type, query: { queryHash } }) => {
    if (type === 'updated' && WATCHED.has(queryHash)) plan();
  });
  plan();
  return () => {
    ended = true;
    stop();
    clearTimeout(timer);
  };
}

/**
 * Cursor with which the list goes on after the kept items. A list that is cut within a page has no
 * known one. It ends there until it is loaded anew.
 */
function cursorAfter(pages: readonly MediaList[], count: number): string | null {
  let before = 0;
  for (const { items, nextCursor } of pages) {
    before += items.length;
    if (before === count) return nextCursor;
  }
  return null;
}

/** Codes of errors that mean that the server was not reached. */
const NO_ANSWER = new Set<string>(['offline', 'unavailable']);

/**
 * Fills the list with the kept copy, as long as the server has not answered.
 *
 * @param reason the error of the request for the session
 * @returns the person whose copy it is, or null if there is none
 */
export async function restoreFolder(client: QueryClient, reason: unknown): Promise<User | null> {
  if (!NO_ANSWER.has(toApiError(reason).code)) return null;
  const cache = await caches.open(FOLDER_CACHE);
  const kept: unknown = await (await cache.match(address()))?.json();
  if (!isKept(kept)) return null;
  if (client.getQueryData(folderKey) === undefined)
    client.setQueryData(folderKey, { pages: [kept.list], pageParams: [''] });
  return kept.user;
}

/** Checks the outline. The rest was written by this release itself. */
function isKept(value: unknown): value is KeptFolder {
  if (typeof value !== 'object' || value === null || !('user' in value) || !('list' in value)) return false;
  const { user, list } = value;
  return (
    typeof user === 'object' &&
    user !== null &&
    'username' in user &&
    typeof list === 'object' &&
    list !== null &&
    'items' in list &&
    Array.isArray(list.items)
  );
}
