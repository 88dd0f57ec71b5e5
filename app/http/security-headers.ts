import { createMiddleware } from 'hono/factory';
import { secureHeaders } from 'hono/secure-headers';

/** Paths of stored files: those for everybody, and those of items in the trash. */
const FILES = /^\/api\/files(\/|$)/;
const TRASHED_FILES = /^\/api\/media\/[^/]+\/trashed\//;
/** Tells whether a path is of a share page, which has headers and error pages of its own. */
export const isSharePath = (path: string): boolean => /^\/s(\/|$)/.test(path);
/** The page about the API, which has headers of its own. */
export const DOCS_PATH = '/api/docs';

/**
 * Sets the browser security headers: {@link fileHeaders} for files, {@link pageHeaders} elsewhere
 * except for shares and the page about the API.
 *
 * @param inlineScripts returns the sources of the page's inline scripts for `script-src`
 */
export function securityHeaders(
  mediaOrigin: string | null,
  production: boolean,
  inlineScripts: () => string,
) {
  const ofFiles = fileHeaders('cross-origin');
  const ofTrashedFiles = fileHeaders('same-origin');
  const ofPages = pageHeaders(mediaOrigin, production, inlineScripts);
  return createMiddleware((c, next) => {
    const { path } = c.req;
    if (isSharePath(path) || path === DOCS_PATH) return next();
    const of = FILES.test(path) ? ofFiles : TRASHED_FILES.test(path) ? ofTrashedFiles : ofPages;
    return of(c, next);
  });
}

/**
 * Headers of a stored file. A file opened on its own is a document that may run no script and load
 * nothing but itself. Browsers build that document with their own styles, and Safari takes the
 * icons of its player from `data:` addresses.
 */
export function fileHeaders(embeddedBy: 'cross-origin' | 'same-origin') {
  const shown = { defaultSrc: ["'none'"], imgSrc: ["'self'", 'data:'], styleSrc: ["'unsafe-inline'"] };
  const rest = { crossOriginResourcePolicy: embeddedBy, strictTransportSecurity: false } as const;
  const ofPictures = secureHeaders({ contentSecurityPolicy: { ...shown, sandbox: [] }, ...rest });
  // A sandbox gives the document an origin of its own, from which it may not even load its video.
  const ofVideos = secureHeaders({
    contentSecurityPolicy: { ...shown, mediaSrc: ["'self'"], baseUri: ["'none'"], formAction: ["'none'"] },
    ...rest,
  });
  return createMiddleware(async (c, next) => {
    await next();
    const isVideo = c.res.headers.get('content-type')?.startsWith('video/') === true;
    await (isVideo ? ofVideos : ofPictures)(c, async () => {});
  });
}

/**
 * Headers of everything but files. The page loads scripts, styles and data from here only. Its own
 * inline scripts run by their hash, and no others. Images
 * and videos may also come from the storage. No page may frame it.
 *
 * @param mediaOrigin origin of the object storage, if it is not ours
 */
function pageHeaders(mediaOrigin: string | null, production: boolean, inlineScripts: () => string) {
  const media = mediaOrigin === null ? [] : [mediaOrigin];
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'", inlineScripts],
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
