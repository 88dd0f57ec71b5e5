import { SHARE_PATH } from './caches.ts';

/** Handling of a request in the service worker; `network` leaves it to the browser. */
export type Route = 'share' | 'page' | 'shell' | 'picture' | 'network';

/** The properties of a request that routing needs. */
export interface RouteRequest {
  method: string;
  url: string;
  mode: string;
  destination: string;
  /** Whether a range is requested; partial responses are not cacheable. */
  range: boolean;
}

/**
 * Classifies requests. API responses are never cached, because they are private. Share pages and
 * their files are never cached, because they end. Stored files have
 * random, immutable names and are public to holders of the link. Small pictures may therefore be
 * cached; the size decides which.
 *
 * @param origin of the app
 * @param isShell whether a path is of the app shell
 */
export function routeOf(asked: RouteRequest, origin: string, isShell: (path: string) => boolean): Route {
  const { origin: from, pathname } = new URL(asked.url);
  const own = from === origin;
  if (asked.method === 'POST')
    return own && asked.mode === 'navigate' && pathname === SHARE_PATH ? 'share' : 'network';
  if (asked.method !== 'GET') return 'network';
  if (own && /^\/s(\/|$)/.test(pathname)) return 'network';
  if (own && asked.mode === 'navigate') return pathname.startsWith('/api/') ? 'network' : 'page';
  if (own && isShell(pathname)) return 'shell';
  const stored = own ? pathname.startsWith('/api/files/') : /^https?:$/.test(new URL(asked.url).protocol);
  return stored && asked.destination === 'image' && !asked.range ? 'picture' : 'network';
}
