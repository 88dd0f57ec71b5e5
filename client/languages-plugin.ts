import { glob, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Plugin } from 'vite';
import { z } from 'zod';
import { webManifest } from './pwa/web-manifest.ts';

const LANGUAGES_FOLDER = join(import.meta.dirname, 'i18n/languages');
const PART = /\/i18n\/languages\/\w+\.ts\?part=(\w+)$/;
const MANIFEST_URL = /^\/manifest\.(\w+)\.webmanifest$/;

/**
 * Vite plugin that builds each part of a language from its finished messages. A module
 * `en.ts?part=media` exports only `media`, so each part becomes a chunk of its own. The page loads
 * the names of the file formats without the table that they come from. In development each part is
 * the whole file.
 */
export function finishedMessages(): Plugin {
  return {
    name: 'meemikansio:finished-messages',
    apply: 'build',
    enforce: 'pre',
    load: {
      filter: { id: PART },
      async handler(id) {
        const part = PART.exec(id)?.[1] ?? '';
        const parts: unknown = await import(pathToFileURL(id.replace(/\?.*/, '')).href);
        const messages: unknown = Object(parts)[part];
        const text = JSON.stringify(messages);
        if (!isDeepStrictEqual(JSON.parse(text), messages)) throw new Error(`${id} is more than data.`);
        return `export const ${part} = ${text};`;
      },
    },
  };
}

/** Vite plugin that serves and builds `/manifest.{language}.webmanifest` for every language. */
export function webManifests(): Plugin {
  return {
    name: 'meemikansio:web-manifests',
    apply: (_, env) => env.mode !== 'test',
    async generateBundle() {
      for await (const file of glob('*.ts', { cwd: LANGUAGES_FOLDER })) {
        const language = basename(file, '.ts');
        const source = await manifestOf(language);
        this.emitFile({ type: 'asset', fileName: `manifest.${language}.webmanifest`, source });
      }
    },
    configureServer(vite) {
      vite.middlewares.use((request, response, next) => {
        const language = MANIFEST_URL.exec(request.url ?? '')?.[1];
        if (language === undefined) return next();
        response.setHeader('content-type', 'application/manifest+json');
        manifestOf(language).then((manifest) => response.end(manifest), next);
      });
    },
  };
}

const languageFile = z.object({
  manifest: z.object({ description: z.string(), videos: z.string(), invite: z.string() }),
});

/** Reads the texts of a language (two letters) and returns its manifest as JSON. */
async function manifestOf(language: string): Promise<string> {
  const file = join(LANGUAGES_FOLDER, `${language}.ts`);
  // The time in the address loads a changed file again.
  const address = `${pathToFileURL(file).href}?${(await stat(file)).mtimeMs}`;
  const { manifest } = languageFile.parse(await import(address));
  return JSON.stringify(webManifest(language, manifest), null, 2);
}
