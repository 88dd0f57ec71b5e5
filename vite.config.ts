import { defineConfig } from 'vite';
import solid from 'vite-plugin-solid';
import { serverProcess } from './client/dev-server.ts';

/** The API server that `npm run dev` starts beside Vite and that Vite hands `/api` to. */
const server = { host: '127.0.0.1', port: 3000 };

export default defineConfig({
  root: 'client',
  // Built files are named by their content and live under /assets; what is in public/ keeps its name.
  plugins: [solid(), serverProcess(server)],
  server: { proxy: { '/api': `http://${server.host}:${server.port}` } },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    manifest: true,
    // Engines with light-dark(), :has(), popover and @layer: nothing is compiled down that they know.
    target: ['chrome123', 'edge123', 'firefox125', 'safari17.5'],
    modulePreload: { polyfill: false },
    // A data: URL would count against every page and needs its own permission in the CSP.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // What every page needs is one file: split up it takes more requests and compresses worse.
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'first', tags: ['$initial'] }] } } },
  },
});
