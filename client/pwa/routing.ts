import { SHARE_PATH } from './caches.ts';

/** What the service worker does with a request; `network` leaves it to the browser, as if there were no worker. */
export type Route = 'share' | 'page' | 'shell' | 'picture' | 'network';

/** What deciding needs of a request. */
export interface RouteRequest {
  method: string;
  url: string;
  mode: string;
  destination: string;
  /** Set for parts of a file, which are not cacheable answers. */
  range: boolean;
}

/**
 * Sorts requests. Answers of the API are never kept: they are somebody's. Stored files have random, immutable names and
 * are public to who knows them, so small pictures may be; which ones, the size decides.
 *
 * @param origin of the app
 * @param shell the paths of the app's own files
 */
export function routeOf(asked: RouteRequest, origin: string, shell: ReadonlySet<string>): Route {
  const { origin: from, pathname } = new URL(asked.url);
  const own = from === origin;
  if (asked.method === 'POST')
    return own && asked.mode === 'navigate' && pathname === SHARE_PATH ? 'share' : 'network';
  if (asked.method !== 'GET') return 'network';
  if (own && asked.mode === 'navigate') return pathname.startsWith('/api/') ? 'network' : 'page';
  if (own && shell.has(pathname)) return 'shell';
  const stored = own ? pathname.startsWith('/api/files/') : /^https?:$/.test(new URL(asked.url).protocol);
  return stored && asked.destination === 'image' && !asked.range ? 'picture' : 'network';
}
