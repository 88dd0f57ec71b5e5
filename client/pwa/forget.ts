/** The cache of thumbnails, by name. */
export const THUMBNAIL_CACHE = 'thumbnails';

/** Drops the pictures that are kept, when the person they were shown to leaves. */
export async function forgetPictures(): Promise<void> {
  if ('caches' in globalThis) await caches.delete(THUMBNAIL_CACHE);
}
