/** Where shared files wait, as answers whose addresses are in order of arrival. */
const CACHE = 'shared-files';
const NAME = 'x-file-name';

/** Keeps files until the page takes them. Answers how many. Called by the service worker. */
export async function keepShared(files: readonly File[]): Promise<number> {
  const cache = await caches.open(CACHE);
  const now = Date.now();
  for (const [index, file] of files.entries()) {
    const headers = { 'content-type': file.type, [NAME]: encodeURIComponent(file.name.toWellFormed()) };
    await cache.put(`/shared/${now}-${String(index).padStart(4, '0')}`, new Response(file, { headers }));
  }
  return files.length;
}

const addressOf = new WeakMap<File, string>();

/** What waits, oldest first; it goes on waiting until it is settled, so that a page closed too early loses nothing. */
export async function sharedFiles(): Promise<File[]> {
  if (!('caches' in globalThis) || !(await caches.has(CACHE))) return [];
  const cache = await caches.open(CACHE);
  const waiting: File[] = [];
  for (const request of await cache.keys()) {
    const kept = await cache.match(request);
    if (!kept) continue;
    const name = decodeURIComponent(kept.headers.get(NAME) ?? '');
    const type = kept.headers.get('content-type') ?? '';
    const file = new File([await kept.blob()], name, { type });
    addressOf.set(file, request.url);
    waiting.push(file);
  }
  return waiting;
}

/** A file has arrived, or never will: if it was a shared one, it waits no longer. */
export async function settleShared(file: File): Promise<void> {
  const address = addressOf.get(file);
  if (address !== undefined) await (await caches.open(CACHE)).delete(address);
}
