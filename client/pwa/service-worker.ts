import { createBoundedCache } from './bounded-cache.ts';
import { PICTURE_CACHE, SHARED_PARAM, SHELL_PREFIX, type SharedOutcome } from './caches.ts';
import { storeShared, readShareForm } from './share-inbox.ts';
import { routeOf } from './routing.ts';
import { createShellCache, type BuiltShell } from './shell-cache.ts';
import { isWorkerScope, type FetchEvent } from './worker-scope.ts';

/** Set by the build. */
declare const __SHELL__: BuiltShell;

/** The language of pages for people who ask for none that there is. */
const FALLBACK_LANGUAGE = 'en';

/**
 * Longest wait for a page from the network before the cached one is shown, in milliseconds. It
 * covers a phone in a lift.
 */
const PAGE_TIMEOUT_MS = 3000;

/**
 * Limits of the picture cache. Thumbnails have up to about 60 kB; a thousand fit, up to the total
 * size.
 */
const PICTURE_BOUNDS = { count: 1000, bytes: 40_000_000, each: 200_000 };

const scope: unknown = globalThis;
if (!isWorkerScope(scope)) throw new Error('This is the service worker.');
const worker = scope;
const { origin } = worker.location;
const shellName = SHELL_PREFIX + __SHELL__.release;
const language = navigator.language.slice(0, 2);
const first = __SHELL__.first[language] ?? __SHELL__.first[FALLBACK_LANGUAGE] ?? [];
const shell = createShellCache(
  { ...__SHELL__, first },
  {
    open: () => caches.open(shellName),
    findAnywhere: (path) => caches.match(path, { ignoreVary: true }),
    fetch: (request) => fetch(request),
    origin,
  },
);
const pictures = createBoundedCache(() => caches.open(PICTURE_CACHE), PICTURE_BOUNDS);

worker.addEventListener('install', (event) => {
  event.waitUntil(shell.install().then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(dropOldShells().then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { method, url, mode, destination, headers } = request;
  const route = routeOf({ method, url, mode, destination, range: headers.has('range') }, origin, shell.has);
  if (route === 'share') event.respondWith(share(request));
  else if (route === 'page') event.respondWith(page(request));
  else if (route === 'shell') event.respondWith(ownFile(event));
  else if (route === 'picture') event.respondWith(picture(event));
});

worker.addEventListener('message', (event) => {
  // Without a connection, the next visit asks again.
  event.waitUntil(shell.keep(shell.named(event.data)).catch(console.warn));
});

async function dropOldShells(): Promise<void> {
  for (const name of await caches.keys())
    if (name.startsWith(SHELL_PREFIX) && name !== shellName) await caches.delete(name);
}

/**
 * Returns the newest page from the network. Falls back to the cached one after a timeout or a
 * gateway error.
 */
async function page(request: Request): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PAGE_TIMEOUT_MS);
  });
  const fromNetwork = fetch(request);
  const response = await Promise.race([fromNetwork, late]).catch(() => undefined);
  clearTimeout(timer);
  if (response && response.status < 500) return response;
  return (await shell.get('/')) ?? (await fromNetwork);
}

/** Returns a cached file of the release, or fetches and caches it. */
async function ownFile(event: FetchEvent): Promise<Response> {
  const path = new URL(event.request.url).pathname;
  const found = await shell.get(path);
  if (found) return found;
  const response = await fetch(event.request);
  event.waitUntil(shell.put(path, response.clone()));
  return response;
}

/**
 * Returns a cached picture, or fetches and caches it. Bucket requests use CORS, because an opaque
 * response has no readable size and counts as megabytes. Without CORS the response is only passed
 * on.
 */
async function picture(event: FetchEvent): Promise<Response> {
  const { request } = event;
  const found = await pictures.get(request.url);
  if (found) return found;
  try {
    const response = await fetch(request.url, { mode: 'cors', credentials: 'omit' });
    event.waitUntil(pictures.put(request.url, response.clone()));
    return response;
  } catch {
    return await fetch(request);
  }
}

/** Stores the files from the share sheet and opens the library, which uploads them. */
async function share(request: Request): Promise<Response> {
  const opened = (outcome: SharedOutcome) => Response.redirect(`${origin}/?${SHARED_PARAM}=${outcome}`, 303);
  // Rejects foreign pages: a share sheet has no referrer, and another site's form would add its
  // pictures to the library.
  if (request.referrer !== '' && new URL(request.referrer, origin).origin !== origin)
    return opened('refused');
  try {
    const { files, about } = readShareForm(await request.formData());
    await storeShared(files, about);
    return opened('kept');
  } catch (thrown) {
    const full = thrown instanceof DOMException && thrown.name === 'QuotaExceededError';
    return opened(full ? 'full' : 'missed');
  }
}
