import { THUMBNAILS } from './pwa.ts';

/** Objects are named by a random UUID and thumbnails are WebP; what else looks so is told apart by its size. */
const OBJECT = /\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.webp$/;

/** Whether a request may be for a thumbnail: the storage's address, here or elsewhere. */
export const isThumbnail = (destination: string, url: URL): boolean =>
  destination === 'image' && OBJECT.test(url.pathname);

/** Whole, readable and no larger than a thumbnail: what cannot be read cannot be measured, and counts as huge to the browser. */
export function mayBeKept(response: Pick<Response, 'status' | 'type' | 'headers'>): boolean {
  const bytes = Number(response.headers.get('content-length') ?? Number.NaN);
  return response.status === 200 && response.type !== 'opaque' && bytes > 0 && bytes <= THUMBNAILS.bytes;
}

/** The same request in a form whose answer can be read: a picture of another origin is asked for with CORS. */
export function readable(request: Request, origin: string): Request {
  if (new URL(request.url).origin === origin) return request;
  return new Request(request.url, { mode: 'cors', credentials: 'omit' });
}
