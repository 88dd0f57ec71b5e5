import type { Context } from 'hono';

/**
 * Answers the system's share sheet (the web app manifest's `share_target`) while no service worker
 * exists. Normally the service worker answers and stores the shared files. This route reads
 * nothing: the page opens and asks the user to share again.
 */
export const shareFallback = (c: Context): Response => c.redirect('/?shared=missed', 303);
