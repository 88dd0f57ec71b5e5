import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { defineConfig, type Rolldown } from 'vite';
import solid from 'vite-plugin-solid';
import { BROWSERS } from './client/browsers.ts';
import { serverProcess } from './client/dev-server.ts';
import { finishedMessages, webManifests } from './client/languages-plugin.ts';
import { unusedParts } from './client/unused-parts-plugin.ts';

/** The API server that `npm run dev` starts beside Vite and that Vite hands `/api` to. */
const server = { host: '127.0.0.1', port: Number(process.env['PORT'] ?? 3000) };

/**
 * Names a chunk after `client/NAME.tsx`. The chunk gets every module that this one imports,
 * directly or not.
 */
function neededBy(name: string) {
  const needed = new Set<string>();
  return (id: string, graph: Rolldown.ChunkingContext): string | null => {
    const add = (module: string): void => {
      if (needed.has(module)) return;
      needed.add(module);
      for (const next of graph.getModuleInfo(module)?.importedIds ?? []) add(next);
    };
    add(join(import.meta.dirname, 'client', `${name}.tsx`));
    return needed.has(id) ? name : null;
  };
}

/**
 * Tells Vite to serve a module itself: `client/api/client.ts` has the address `/api/client.ts`.
 * Browsers mark the request of a script so (Fetch Metadata).
 */
const isModule = ({ headers, url }: IncomingMessage): string | undefined =>
  headers['sec-fetch-dest'] === 'script' ? url : undefined;

export default defineConfig({
  root: 'client',
  // Built files are named by their content and lie in /assets. Files of public/ keep their names.
  plugins: [unusedParts(), finishedMessages(), solid(), webManifests(), serverProcess(server)],
  // The host stays that of the page. Links are made of it, and it reveals requests of other pages.
  // Share pages are rendered by the server.
  server: {
    proxy: Object.fromEntries(
      ['/api', '^/s/'].map((path) => [
        path,
        { target: `http://${server.host}:${server.port}`, changeOrigin: false, bypass: isModule },
      ]),
    ),
  },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    manifest: true,
    target: BROWSERS,
    modulePreload: { polyfill: false },
    // A data: URL would count against every page and needs its own permission in the CSP.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // Two files: one for everybody, one for the pages behind the sign-in. More files take more
    // requests and compress worse.
    rolldownOptions: {
      checks: { bundlerTimings: false },
      output: {
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'], priority: 1 },
            { debugName: 'routes', name: neededBy('routes') },
          ],
        },
      },
    },
  },
});
