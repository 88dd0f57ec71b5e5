import type { Context } from 'hono';

/**
 * Where the system's share sheet posts to (the web app manifest's `share_target`). The page's service worker answers it and
 * keeps what was shared; a request comes here only while there is none yet. Nothing is read of it: the page opens and says
 * that it takes another try.
 */
export const shareFallback = (c: Context): Response => c.redirect('/?shared=missed', 303);
