import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'hono';
import { z } from 'zod';
import { carriesSession } from '../auth/session-cookie.ts';
import type { AppEnv } from '../http/env.ts';

/**
 * Output of the client's build: addresses of scripts and styles of the signed-in pages, by
 * language.
 */
const aheadFile = z
  .record(z.string(), z.array(z.string()))
  .transform((byLanguage) => new Map(Object.entries(byLanguage)));

/** The language of the client for visitors who ask for none that it has. */
const FALLBACK_LANGUAGE = 'en';

/** The first API requests of that page, spelled as the client spells them. */
const FIRST_REQUESTS = ['/api/auth/me', '/api/media?limit=60'];

/** The page's own links have `crossorigin` too: a preload in another mode would be loaded twice. */
const toLink = (address: string) =>
  address.endsWith('.css')
    ? `<${address}>; rel=preload; as=style; crossorigin`
    : `<${address}>; rel=modulepreload`;

/**
 * Builds the `Link: rel=preload` header (RFC 8288) for visitors with a session cookie. It names the
 * API calls and modules that the page requests first, which saves one round trip. A wrong guess
 * (another language, an expired session) costs a few kB. Without a build, there is no header.
 *
 * @param directory of the built page, absolute
 */
export function preloadLinks(directory: string): (c: Context<AppEnv>) => string | null {
  let known: z.output<typeof aheadFile> | null | undefined;
  return (c) => {
    if (!carriesSession(c)) return null;
    // Retries while the file is missing: a build may follow the start.
    known ??= read(join(directory, 'preload.json'));
    if (!known) return null;
    const modules = known.get(firstLanguage(c)) ?? known.get(FALLBACK_LANGUAGE) ?? [];
    const asked = c.req.url.includes('?') ? FIRST_REQUESTS.slice(0, 1) : FIRST_REQUESTS;
    return [
      ...modules.map(toLink),
      ...asked.map((address) => `<${address}>; rel=preload; as=fetch; crossorigin`),
    ].join(', ');
  };
}

/** Primary tag of the first language that the visitor accepts: `fi-FI,en;q=0.5` → `fi`. */
function firstLanguage(c: Context<AppEnv>): string {
  return /^[a-z]+/i.exec(c.req.header('accept-language') ?? '')?.[0].toLowerCase() ?? FALLBACK_LANGUAGE;
}

function read(file: string): z.output<typeof aheadFile> | null {
  try {
    return aheadFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Not built, or by another release: the page works as well without.
    return null;
  }
}
