import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { defineConfig, type Rolldown } from 'vite';
import solid from 'vite-plugin-solid';
import { BROWSERS } from './client/browsers.ts';
import { apiAddress } from './client/dev-server.ts';
import { finishedMessages, webManifests } from './client/languages-plugin.ts';
import { inlineThemeScript } from './client/theme-script-plugin.ts';
import { cacheTransforms } from './client/transform-cache-plugin.ts';
import { unusedParts } from './client/unused-parts-plugin.ts';

const api = apiAddress();

/**
 * Names the chunk of all modules that a part of the client imports, directly or not.
 *
 * @param parts paths below `client/`, without `.tsx`
 */
function neededBy(name: string, ...parts: string[]) {
  const needed = new Set<string>();
  return (id: string, graph: Rolldown.ChunkingContext): string | null => {
    const add = (module: string): void => {
      if (needed.has(module)) return;
      needed.add(module);
      for (const next of graph.getModuleInfo(module)?.importedIds ?? []) add(next);
    };
    for (const part of parts) add(join(import.meta.dirname, 'client', `${part}.tsx`));
    return needed.has(id) ? name : null;
  };
}

/** Whether a script that imports `file` later has loaded `name` with the first load. */
const alreadyLoaded = (name: string, file: string): boolean =>
  /\/(?:first|routes)-/.test(name) && !/\/routes-/.test(file);

/** Leaves modules that are loaded by themselves out of a chunk: they would need a second file. */
const shared =
  (name: (id: string, graph: Rolldown.ChunkingContext) => string | null) =>
  (id: string, graph: Rolldown.ChunkingContext): string | null =>
    graph.getModuleInfo(id)?.dynamicImporters.length ? null : name(id, graph);

/**
 * Tells Vite to serve a module itself: `client/api/client.ts` has the address `/api/client.ts`.
 * Browsers mark the request of a script so (Fetch Metadata).
 */
const isModule = ({ headers, url }: IncomingMessage): string | undefined =>
  headers['sec-fetch-dest'] === 'script' ? url : undefined;

export default defineConfig({
  root: 'client',
  // Built files are named by their content and lie in /assets. Files of public/ keep their names.
  plugins: [unusedParts(), finishedMessages(), cacheTransforms(solid()), webManifests(), inlineThemeScript()],
  // The host stays that of the page. Links are made of it, and it reveals requests of other pages.
  // Share pages are rendered by the server.
  server: {
    proxy: Object.fromEntries(
      ['/api', '^/s/'].map((path) => [
        path,
        { target: `http://${api.host}:${api.port}`, changeOrigin: false, bypass: isModule },
      ]),
    ),
    // Transforms the modules of the first page while the server starts.
    warmup: { clientFiles: ['main.tsx', 'routes.tsx', 'auth/sign-in-page.tsx'] },
  },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    manifest: true,
    target: BROWSERS,
    // The lists of what a later part needs lie in the first load. They leave out what is there.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (file, names) => names.filter((name) => !alreadyLoaded(name, file)),
    },
    // A data: URL would count against every page and needs its own permission in the CSP.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // The first load is two files: one for everybody, one for the pages behind the sign-in. More
    // files take more requests and compress worse. Modules that later parts share are in three
    // files. Each name of a file is 20 bytes of the first load.
    rolldownOptions: {
      checks: { bundlerTimings: false },
      output: {
        codeSplitting: {
          groups: [
            { name: 'first', tags: ['$initial'], priority: 1 },
            { debugName: 'routes', name: neededBy('routes', 'routes') },
            {
              debugName: 'entrance',
              name: shared(neededBy('entrance', 'auth/sign-in-page', 'auth/reset-page', 'invites/join-page')),
              minShareCount: 2,
            },
            {
              debugName: 'tools',
              name: shared(neededBy('tools', 'viewer/viewer')),
              minShareCount: 2,
            },
            { debugName: 'pages', name: shared(() => 'pages'), minShareCount: 2 },
          ],
        },
      },
    },
  },
});
