import { createMiddleware } from 'hono/factory';
import { secureHeaders } from 'hono/secure-headers';
import type { AppEnv } from '../http/env.ts';
import { fileHeaders } from '../http/security-headers.ts';
import { SHARE_CSS_SOURCE } from './page.css.ts';

/** The files of a share, which any page may embed: cards and oEmbed. */
const MEDIA = /^\/s\/[^/]+\/((\d+\/)?card\.jpg$|(file|poster|preview|download)\/)/;

/**
 * Sets the headers of everything under `/s`. A page runs no script, sends no form and is framed by
 * nobody. No search engine lists it, and no site that it links to learns its address.
 *
 * @param mediaOrigin origin of the object storage, if it is not ours: our addresses redirect there
 */
export function shareHeaders(mediaOrigin: string | null, production: boolean) {
  const media = mediaOrigin === null ? [] : [mediaOrigin];
  const ofFiles = fileHeaders('cross-origin');
  const ofPages = secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'", ...media],
      mediaSrc: ["'self'", ...media],
      styleSrc: [SHARE_CSS_SOURCE],
    },
    strictTransportSecurity: production ? 'max-age=31536000' : false,
    xFrameOptions: 'DENY',
    referrerPolicy: 'no-referrer',
  });
  return createMiddleware<AppEnv>(async function shareHeaders(c, next) {
    await (MEDIA.test(c.req.path) ? ofFiles : ofPages)(c, next);
    c.res.headers.set('X-Robots-Tag', 'noindex');
  });
}
