/// <reference lib="webworker" />
import { ExpirationPlugin } from 'workbox-expiration';
import { cleanupOutdatedCaches, matchPrecache, precache } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';
import { THUMBNAIL_CACHE } from './forget.ts';
import { PAGE_WAITS_MS, SHARE_ACTION, THUMBNAILS } from './pwa.ts';
import { isThumbnail, mayBeKept, readable } from './thumbnails.ts';
import { keepShared } from './shared-files.ts';

declare const self: ServiceWorkerGlobalScope;
/** The files of this build and their hashes, put in by the build (`client/build.ts`). */
declare const __SHELL__: { url: string; revision: string | null }[];

/*
 * What the browser keeps between visits: the files of the app, and thumbnails within a bound. Answers of the API are never
 * kept. The page itself comes from the network whenever that answers in time, so that nobody sees yesterday's release.
 */

// A new release takes over at once: the page it finds open is told (`pwa.ts`), and the next one is the new one.
self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

precache(__SHELL__);
cleanupOutdatedCaches();

registerRoute(
  ({ request }) => request.mode === 'navigate',
  ({ request }) => freshPage(request),
);
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/assets/'),
  async ({ request }) => (await matchPrecache(request)) ?? fetch(request),
);
registerRoute(
  ({ request, url }) => isThumbnail(request.destination, url),
  new CacheFirst({
    cacheName: THUMBNAIL_CACHE,
    plugins: [
      { requestWillFetch: async ({ request }) => readable(request, self.location.origin) },
      { cacheWillUpdate: async ({ response }) => (mayBeKept(response) ? response : null) },
      new ExpirationPlugin({
        maxEntries: THUMBNAILS.entries,
        maxAgeSeconds: THUMBNAILS.seconds,
        purgeOnQuotaError: true,
      }),
    ],
  }),
);
registerRoute(({ url, sameOrigin }) => sameOrigin && url.pathname === SHARE_ACTION, share, 'POST');

/** The page of the server, or the kept one when the server does not answer in time or stumbles. */
async function freshPage(request: Request): Promise<Response> {
  const kept = async () => (await matchPrecache('/index.html')) ?? Response.error();
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PAGE_WAITS_MS) });
    return response.status >= 500 ? await kept() : response;
  } catch {
    return kept();
  }
}

/** Keeps what another app shared until somebody is signed in to send it, and opens the folder. */
async function share({ request }: { request: Request }): Promise<Response> {
  const entries = (await request.formData()).getAll('files');
  // A form without a file still has one entry for it, without a name and empty.
  const files = entries.flatMap((entry) =>
    entry instanceof File && (entry.name !== '' || entry.size > 0) ? [entry] : [],
  );
  const count = await keepShared(files);
  return Response.redirect(count > 0 ? '/?shared' : '/?shared=nothing', 303);
}
