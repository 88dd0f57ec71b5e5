import { join } from 'node:path';
import { prepare } from './prepare.ts';

/**
 * `npm run dev`: prepares, and runs Vite, which starts the server beside itself
 * (client/dev-server.ts).
 */
await prepare();
// Vite's configuration reads PORT from the environment, so load it last.
const { createServer } = await import('vite');
const vite = await createServer({ configFile: join(import.meta.dirname, '../../vite.config.ts') });
await vite.listen();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void vite.close().finally(() => process.exit(0)));
