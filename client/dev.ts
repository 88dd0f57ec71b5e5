import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { prepare } from '../app/local/prepare.ts';

/**
 * `npm run dev`: prepares, and runs the server and Vite beside each other (dev-server.ts).
 * Both take a second to load, so neither waits for the other.
 */
await prepare();
// The address of the API reads PORT from the environment, so load it last.
const { listenForPage, startApi } = await import('./dev-server.ts');
const handler = Promise.withResolvers<RequestListener>();
const page = await listenForPage(handler.promise);
const address = page.address();
const stopApi = startApi(`http://localhost:${typeof address === 'object' && address ? address.port : ''}`);
const { createServer } = await import('vite');
const vite = await createServer({
  configFile: join(import.meta.dirname, '../vite.config.ts'),
  server: { middlewareMode: { server: page }, ws: { server: page } },
});
handler.resolve(vite.middlewares);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    stopApi();
    page.close();
    page.closeAllConnections();
    void vite.close().finally(() => process.exit(0));
  });
