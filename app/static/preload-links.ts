import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'hono';
import { z } from 'zod';
import { carriesSession } from '../auth/session-cookie.ts';
import type { AppEnv } from '../http/env.ts';

/** What the client's build says that the pages of somebody signed in are made of, by language: addresses of scripts and styles. */
const aheadFile = z.object({ en: z.array(z.string()), fi: z.array(z.string()) });

/** The first things that page asks the API for, as the client writes them. */
const ASKED = ['/api/auth/me', '/api/media?limit=60'];

const toLink = (address: string) =>
  address.endsWith('.css') ? `<${address}>; rel=preload; as=style` : `<${address}>; rel=modulepreload`;

/**
 * The `Link` header (RFC 8288) of the page for whom a session's cookie came with the request: what the page's script would
 * ask for once it has come itself, asked for beside it. On a slow line that is one way there and back less. A guess that
 * goes wrong (another language was chosen, the session is over) costs a few kB; without a build there is none.
 *
 * @param directory of the built page, absolute
 */
export function linksAhead(directory: string): (c: Context<AppEnv>) => string | null {
  let known: z.output<typeof aheadFile> | null | undefined;
  return (c) => {
    if (!carriesSession(c)) return null;
    // Looked for again while there is none: a build may come after the start.
    known ??= read(join(directory, 'ahead.json'));
    if (!known) return null;
    const language = /^fi\b/i.test(c.req.header('accept-language') ?? '') ? 'fi' : 'en';
    const asked = c.req.url.includes('?') ? ASKED.slice(0, 1) : ASKED;
    return [
      ...known[language].map(toLink),
      ...asked.map((address) => `<${address}>; rel=preload; as=fetch; crossorigin`),
    ].join(', ');
  };
}

function read(file: string): z.output<typeof aheadFile> | null {
  try {
    return aheadFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null; // not built, or by another release: the page works as well without
  }
}
