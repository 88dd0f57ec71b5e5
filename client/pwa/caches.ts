/** Names of the browser caches, shared by the page and its service worker. */

/** Prefix of the app shell caches, one per release. */
export const SHELL_PREFIX = 'shell-';
/** Recently viewed thumbnails. */
export const PICTURE_CACHE = 'pictures';
/** Shared files that are not in the library yet. */
export const INBOX_CACHE = 'inbox';

/** Path that the system's share sheet posts to; the manifest names it too. */
export const SHARE_PATH = '/share';
/** URL parameter after a share; its value says whether anything was stored. */
export const SHARED_PARAM = 'shared';
export type SharedOutcome = 'kept' | 'missed' | 'refused' | 'full';

/** Deletes all cached pictures and shared files. The app shell stays, because it is not private. */
export async function clearPrivateCaches(): Promise<void> {
  if (!('caches' in globalThis)) return;
  await Promise.all([caches.delete(PICTURE_CACHE), caches.delete(INBOX_CACHE)]);
}
