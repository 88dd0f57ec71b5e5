/** Names of what the browser keeps for this app, shared by the page and its service worker. */

/** The app's own files, one cache a release. */
export const SHELL_PREFIX = 'shell-';
/** Thumbnails seen lately. */
export const PICTURE_CACHE = 'pictures';
/** What was shared to the app and is not in the folder yet. */
export const INBOX_CACHE = 'inbox';

/** Where the system's share sheet posts to; the manifest names it too. */
export const SHARE_PATH = '/share';
/** The parameter the page is opened with after a share, and whether anything was kept. */
export const SHARED_PARAM = 'shared';
export type SharedOutcome = 'kept' | 'missed' | 'refused' | 'full';

/** Forgets every picture and everything shared on this device; the app's own files stay, they are nobody's. */
export async function clearPrivateCaches(): Promise<void> {
  if (!('caches' in globalThis)) return;
  await Promise.all([caches.delete(PICTURE_CACHE), caches.delete(INBOX_CACHE)]);
}
