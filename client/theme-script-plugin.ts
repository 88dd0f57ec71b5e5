import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minify, type Plugin } from 'vite';

const FILE = 'ui/theme-script.js';
const TAG = `<script src="/${FILE}"></script>`;

/**
 * Vite plugin that puts the theme's script into the built page, which saves a request that blocks
 * the first paint. The server's content security policy allows it by its hash
 * (app/static/inline-scripts.ts). In development the page loads the file.
 */
export function inlineThemeScript(): Plugin {
  return {
    name: 'meemikansio:theme-script',
    apply: 'build',
    transformIndexHtml: {
      order: 'pre',
      async handler(html) {
        if (!html.includes(TAG)) throw new Error(`client/index.html lacks ${TAG}.`);
        const { code, errors } = await minify(FILE, await readFile(join(import.meta.dirname, FILE), 'utf8'));
        if (errors.length > 0) throw new Error(`${FILE}: ${errors.map(({ message }) => message).join('; ')}`);
        return html.replace(TAG, () => `<script>${code.trim()}</script>`);
      },
    },
  };
}
