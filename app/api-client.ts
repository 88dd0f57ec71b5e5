import { hc } from 'hono/client';
import type { AppType } from './app.ts';

/**
 * Creates the typed client of this API. The page imports it as `#api-client`. At run time that is
 * this module. Its type check reads a generated declaration with the types written out (`npm run
 * api-types`). The server's own types would bring those of Node into the client.
 *
 * @param base address of the server, `/` for the page's own
 * @param send sends a request
 */
export const createApi = (base: string, send: typeof fetch) => hc<AppType>(base, { fetch: send });
