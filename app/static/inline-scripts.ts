import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Scripts inside a page; those with a `src` have attributes. */
const INLINE_SCRIPT = /<script>([^]*?)<\/script>/g;

/** Returns the source of a page's inline scripts for `script-src`: `'sha256-…'` each. */
export const inlineScriptSources = (html: string): string =>
  [...html.matchAll(INLINE_SCRIPT)]
    .map(([, code = '']) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`)
    .join(' ');

/**
 * Returns the sources of the inline scripts of the built page. Reads the page once; it tries again
 * while the page is missing, because a build may follow the start.
 *
 * @param directory of the built page, absolute
 */
export function inlineScriptsOf(directory: string): () => string {
  let known: string | undefined;
  return () => {
    known ??= read(join(directory, 'index.html'));
    return known ?? '';
  };
}

function read(file: string): string | undefined {
  try {
    return inlineScriptSources(readFileSync(file, 'utf8'));
  } catch {
    // Not built yet: there is no page that needs them.
    return undefined;
  }
}
