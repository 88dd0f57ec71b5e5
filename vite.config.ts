import { join } from 'node:path';
import { defineConfig, type Rolldown } from 'vite';
import solid from 'vite-plugin-solid';
import { BROWSERS } from './client/browsers.ts';
import { serverProcess } from './client/dev-server.ts';
import { finishedMessages, webManifests } from './client/languages-plugin.ts';

/** The API server that `npm run dev` starts beside Vite and that Vite hands `/api` to. */
const server = { host: '127.0.0.1', port: Number(process.env['PORT'] ?? 3000) };

/** Names a chunk after client/<name>.tsx and puts everything into it that this module imports, directly or not. */
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

export default defineConfig({
  root: 'client',
  // Built files are named by their content and live under /assets; what is in public/ keeps its name.
  plugins: [finishedMessages(), solid(), webManifests(), serverProcess(server)],
  // The host stays the one of the page: links are made of it, and requests of other pages are known by it.
  // Share pages are rendered by the server.
  server: {
    proxy: Object.fromEntries(
      ['/api', '^/s/'].map((path) => [
        path,
        { target: `http://${server.host}:${server.port}`, changeOrigin: false },
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
    // What everyone needs is one file and what the pages behind the sign-in need is another: split up further, as it
    // would be by itself, it takes more requests and compresses worse.
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
