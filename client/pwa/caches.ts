/** Names of the browser caches, shared by the page and its service worker. */

/** Prefix of the app shell caches, one per release. */
export const SHELL_PREFIX = 'shell-';
/** Recently viewed thumbnails. */
export const PICTURE_CACHE = 'pictures';
/** A copy of the newest items, for a start without a connection (library/offline-folder.ts). */
export const FOLDER_CACHE = 'folder';
/** Shared files that are not in the library yet. */
export const INBOX_CACHE = 'inbox';

/** Path that the system's share sheet posts to; the manifest names it too. */
export const SHARE_PATH = '/share';
/** URL parameter after a share; its value says whether anything was stored. */
export const SHARED_PARAM = 'shared';
export type SharedOutcome = 'kept' | 'missed' | 'refused' | 'full';

/**
 * Deletes the kept folder, all cached pictures and shared files. The app shell stays, because it is
 * not private.
 */
export async function clearPrivateCaches(): Promise<void> {
  if (!('caches' in globalThis)) return;
  await Promise.all([FOLDER_CACHE, PICTURE_CACHE, INBOX_CACHE].map((name) => caches.delete(name)));
}

/** Deletes the kept folder: the server has said that nobody is signed in. */
export async function forgetFolder(): Promise<void> {
  if ('caches' in globalThis) await caches.delete(FOLDER_CACHE);
}
