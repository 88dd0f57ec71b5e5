import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '..');
/** Beside the caches of other tools. A new installation removes it. */
const FOLDER = join(ROOT, 'node_modules/.cache/transformed');

const sha256 = (...parts: string[]): string => createHash('sha256').update(parts.join('\0')).digest('hex');

/** A kept result; `map` is JSON, or null without one. */
const keptResult = z.object({ key: z.string(), code: z.string(), map: z.string().nullable() });

/**
 * Keeps the results of a plugin's transformation of components for the dev server, one file a
 * module. Babel takes 20 ms a component, so a warm start without it is two seconds shorter.
 */
export function cacheTransforms(plugin: Plugin, folder: string = FOLDER): Plugin {
  const transform = typeof plugin.transform === 'function' ? plugin.transform : plugin.transform?.handler;
  if (!transform) throw new Error(`${plugin.name} transforms nothing.`);
  let serves = false;
  let versions = '';
  return {
    ...plugin,
    async configResolved(...args) {
      const resolved = plugin.configResolved;
      await (typeof resolved === 'function' ? resolved : resolved?.handler)?.apply(this, args);
      const [{ command, mode }] = args;
      serves = command === 'serve' && mode === 'development';
      if (!serves) return;
      versions = await readFile(join(ROOT, 'package-lock.json'), 'utf8');
      await mkdir(folder, { recursive: true });
    },
    async transform(source, id, options) {
      if (!serves || !id.endsWith('.tsx')) return transform.call(this, source, id, options);
      const file = join(folder, `${sha256(id)}.json`);
      const key = sha256(versions, id, source);
      const kept = await readKept(file);
      if (kept?.key === key) return { code: kept.code, map: kept.map };
      const result = await transform.call(this, source, id, options);
      if (typeof result !== 'object' || result?.code === undefined) return result;
      const map = result.map ? JSON.stringify(result.map) : null;
      await writeFile(file, JSON.stringify({ key, code: result.code, map }));
      return result;
    },
  };
}

/** Returns the kept result of a module; null if there is none, or a half-written one. */
async function readKept(file: string): Promise<z.infer<typeof keptResult> | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (!text.endsWith('}')) return null;
  return keptResult.parse(JSON.parse(text));
}
