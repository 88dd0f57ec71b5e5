import { createMiddleware } from 'hono/factory';
import { secureHeaders } from 'hono/secure-headers';

/** Where stored files are. */
const FILES = /^\/api\/files(\/|$)/;

/** What every answer says a browser may do with it: see {@link fileHeaders} and {@link pageHeaders}. */
export function securityHeaders(mediaOrigin: string | null, production: boolean) {
  const [ofFiles, ofPages] = [fileHeaders(), pageHeaders(mediaOrigin, production)];
  return createMiddleware((c, next) => (FILES.test(c.req.path) ? ofFiles : ofPages)(c, next));
}

/** Headers of a stored file: should it be opened by itself, it is a document that can do nothing; any page may show it. */
const fileHeaders = () =>
  secureHeaders({
    contentSecurityPolicy: { defaultSrc: ["'none'"], sandbox: [] },
    crossOriginResourcePolicy: 'cross-origin',
    strictTransportSecurity: false,
  });

/**
 * Headers of everything else. The page may load scripts, styles and data from here only, pictures and videos also from the
 * storage's own address; nothing may frame it.
 * @param mediaOrigin where objects are served from, when that is not here
 */
function pageHeaders(mediaOrigin: string | null, production: boolean) {
  const media = mediaOrigin === null ? [] : [mediaOrigin];
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      connectSrc: ["'self'", ...media],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      manifestSrc: ["'self'"],
      workerSrc: ["'self'"],
      imgSrc: ["'self'", 'blob:', 'data:', ...media],
      mediaSrc: ["'self'", 'blob:', ...media],
      objectSrc: ["'none'"],
    },
    strictTransportSecurity: production ? 'max-age=31536000' : false,
    xFrameOptions: 'DENY',
    referrerPolicy: 'same-origin',
  });
}
