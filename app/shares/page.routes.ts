import { Hono, type Context, type ErrorHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { SessionCookie } from '../auth/session-cookie.ts';
import type { Sessions } from '../auth/sessions.service.ts';
import { sendObject } from '../files/send-object.ts';
import { open } from '../http/access.ts';
import type { Caller } from '../http/client-address.ts';
import type { AppEnv } from '../http/env.ts';
import { describeError } from '../http/errors.ts';
import { withoutOrigin, type PageLink } from '../http/page-link.ts';
import type { RateLimits } from '../http/rate-limit.ts';
import { validate } from '../http/validate.ts';
import { contentDisposition } from '../storage/disposition.ts';
import { isCrawler } from './crawlers.ts';
import { shareHeaders } from './page-headers.ts';
import { galleryPage, itemPage, noticePage, type Html, type Notice, type Reader } from './page.html.ts';
import type { SharePageRow } from './page.repository.ts';
import { shareItemParam } from './page.schema.ts';
import type { FileRole, SharePages } from './page.service.ts';
import { shownShare } from './page.view.ts';
import { reloadsOf } from './reload.ts';
import { shareParam } from './shares.schema.ts';
import { languageOf, PAGE_TEXTS } from '../i18n/page-texts.ts';

export interface SharePagesDeps {
  sharePages: SharePages;
  sessions: Sessions;
  cookie: SessionCookie;
  pageLink: PageLink;
  limits: RateLimits;
  caller: Caller;
}

/**
 * Wrong codes from one address: 100 at once, then 6 a minute. Right codes always work, so nobody
 * locks out others at a shared address. 128 bits cannot be guessed; the limit saves the database.
 */
const MISSES = { name: 'share-address', burst: 100, refillSeconds: 10 };
type MaybePromise<T> = T | Promise<T>;

/**
 * Throws `too_many_attempts` if the address has tried too many wrong codes. Call it for an unknown
 * code only.
 */
export const countMiss = (
  { limits, caller }: Pick<SharePagesDeps, 'limits' | 'caller'>,
  c: Context<AppEnv>,
) => limits.countFailure(MISSES, caller(c));

/** The pages in words of every route: no such share, an ended one, our own trouble. */
const NOTICES = {
  404: 'text/html',
  410: 'text/html',
  429: 'text/html',
  500: 'text/html',
  503: 'text/html',
} as const;
const PAGE = { 200: 'text/html', ...NOTICES } as const;
const FILE = { 200: '*/*', 206: '*/*', 302: null, 304: null, 416: null, ...NOTICES } as const;
const CARD = { 200: 'image/jpeg', ...NOTICES } as const;

/**
 * `/s`: the share pages and their files, for everybody who knows the code. They set no cookie and
 * run no script. A page costs one round trip to the database.
 */
export function sharePagesRoutes(
  deps: SharePagesDeps,
  http: { mediaOrigin: string | null; production: boolean },
) {
  const { sharePages, sessions, cookie, pageLink } = deps;

  /** Finds the share and lets `show` answer; every other case has a page in words. */
  async function withShare(
    c: Context<AppEnv>,
    code: string,
    show: (share: SharePageRow) => MaybePromise<Response | null>,
  ): Promise<Response> {
    const token = cookie.read(c);
    const sessionId = token === undefined ? null : await sessions.idOf(token);
    const found = await sharePages.find(code, sessionId);
    if (found.state === 'ended') return notice(c, 'gone', 410);
    if (found.state === 'missing') {
      await countMiss(deps, c);
      return notice(c, 'missing', 404);
    }
    return (await show(found.share)) ?? notice(c, 'missing', 404);
  }

  const shown = (c: Context<AppEnv>, share: SharePageRow) =>
    shownShare(share, pageLink(withoutOrigin(c.req), ''), PAGE_TEXTS[languageOfRequest(c)]);

  const showItem = (c: Context<AppEnv>, share: SharePageRow, position: number) => {
    const at = share.items.findIndex((item) => item.position === position);
    return at < 0 ? null : page(c, itemPage(shown(c, share), at, readerOf(c)));
  };

  async function sendCard(c: Context<AppEnv>, share: SharePageRow, position: number | null) {
    const jpeg = await sharePages.card(share, position);
    return (
      jpeg &&
      c.body(Uint8Array.from(jpeg), 200, {
        'Content-Type': 'image/jpeg',
        'Content-Length': String(jpeg.length),
        'Cache-Control': 'private, no-cache',
      })
    );
  }

  async function sendFile(c: Context<AppEnv>, share: SharePageRow, position: number, role: FileRole) {
    return sendObject(c, async () => {
      const file = await sharePages.file(share, position, role);
      if (file === null) return null;
      if ('redirect' in file) {
        c.header('Cache-Control', role === 'download' ? 'no-store' : 'private, no-cache');
        return c.redirect(file.redirect, 302);
      }
      const headers = new Headers({ 'Cache-Control': 'private, no-cache' });
      if (file.name !== null) headers.set('Content-Disposition', contentDisposition('attachment', file.name));
      return { ...file, headers };
    });
  }

  return new Hono<AppEnv>()
    .use(shareHeaders(http.mediaOrigin, http.production))
    .use(withoutSession)
    .get(
      '/:code',
      open({ summary: 'A share page', scope: 'any', answers: PAGE }),
      validate('param', shareParam),
      (c) =>
        withShare(c, c.req.valid('param').code, (share) => {
          if (isOpening(c)) sharePages.opened(share.code);
          const [first] = share.items;
          if (share.items.length === 1 && first) return showItem(c, share, first.position);
          return page(c, galleryPage(shown(c, share), readerOf(c)));
        }),
    )
    .get(
      '/:code/card.jpg',
      open({ summary: 'The sharing picture of a share page', scope: 'any', answers: CARD }),
      validate('param', shareParam),
      (c) => withShare(c, c.req.valid('param').code, (share) => sendCard(c, share, null)),
    )
    .get(
      '/:code/:n',
      open({ summary: 'The page of one item of a gallery', scope: 'any', answers: PAGE }),
      validate('param', shareItemParam),
      (c) => {
        const { code, n } = c.req.valid('param');
        return withShare(c, code, (share) => showItem(c, share, n));
      },
    )
    .get(
      '/:code/:n/card.jpg',
      open({ summary: 'The sharing picture of one item of a gallery', scope: 'any', answers: CARD }),
      validate('param', shareItemParam),
      (c) => {
        const { code, n } = c.req.valid('param');
        return withShare(c, code, (share) => sendCard(c, share, n));
      },
    )
    .get(
      '/:code/file/:n',
      open({ summary: 'The file that a share page shows', scope: 'any', answers: FILE }),
      validate('param', shareItemParam),
      (c) => {
        const { code, n } = c.req.valid('param');
        return withShare(c, code, (share) => sendFile(c, share, n, 'file'));
      },
    )
    .get(
      '/:code/poster/:n',
      open({ summary: 'A still of an item on a share page', scope: 'any', answers: FILE }),
      validate('param', shareItemParam),
      (c) => {
        const { code, n } = c.req.valid('param');
        return withShare(c, code, (share) => sendFile(c, share, n, 'poster'));
      },
    )
    .get(
      '/:code/preview/:n',
      open({ summary: 'The short clip of an animation, for cards', scope: 'any', answers: FILE }),
      validate('param', shareItemParam),
      (c) => {
        const { code, n } = c.req.valid('param');
        return withShare(c, code, (share) => sendFile(c, share, n, 'preview'));
      },
    )
    .get(
      '/:code/download/:n',
      open({ summary: 'The original of an item on a share page, to save', scope: 'any', answers: FILE }),
      validate('param', shareItemParam),
      (c) => {
        const { code, n } = c.req.valid('param');
        return withShare(c, code, (share) => sendFile(c, share, n, 'download'));
      },
    )
    .all('*', (c) => leadFromSlash(c) ?? notice(c, 'missing', 404));
}

/** Renders an error of an address under `/s` as a page in words. */
export const renderShareError: ErrorHandler<AppEnv> = (thrown, c) => {
  const { error, status } = describeError(thrown, c);
  const about = error.code === 'too_many_attempts' ? 'tooMany' : status < 500 ? 'missing' : 'failed';
  return notice(c, about, status);
};

/** The address of a page with slashes behind it, as people and programs complete one. */
const WITH_SLASH = /^(\/s\/[A-Za-z0-9_-]{22}(?:\/[0-9]{1,9})?)\/+$/;

/** Leads from the address of a page with a slash at its end to the page; else returns `null`. */
function leadFromSlash(c: Context<AppEnv>): Response | null {
  const [, path] = WITH_SLASH.exec(c.req.path) ?? [];
  if (path === undefined || !['GET', 'HEAD'].includes(c.req.method)) return null;
  c.header('Cache-Control', 'private, no-cache');
  return c.redirect(`${path}${new URL(c.req.url).search}`, 308);
}

/** Share pages resolve no session, so visitors count by their address. */
const withoutSession = createMiddleware<AppEnv>(async function withoutSession(c, next) {
  c.set('session', null);
  await next();
});

const languageOfRequest = (c: Context<AppEnv>) => languageOf(c.req.header('accept-language'));

const readerOf = (c: Context<AppEnv>): Reader => ({
  language: languageOfRequest(c),
  reloads: reloadsOf(c.req.query('wait')),
});

/** A person opens the page: no crawler, no HEAD, no prefetch, no reload of a page that waits. */
const isOpening = (c: Context<AppEnv>): boolean =>
  c.req.method === 'GET' &&
  c.req.query('wait') === undefined &&
  c.req.header('range') === undefined &&
  !/prefetch|prerender|preview/i.test(
    `${c.req.header('sec-purpose') ?? ''} ${c.req.header('purpose') ?? ''} ${c.req.header('x-purpose') ?? ''}`,
  ) &&
  !isCrawler(c.req.header('user-agent'));

/** Answers with a page of a share, which no cache keeps without asking again. */
function page(c: Context<AppEnv>, content: Html) {
  c.header('Cache-Control', 'private, no-cache');
  c.header('Vary', 'Accept-Language, Cookie');
  return c.html(content);
}

/** Answers with a page that tells nothing of a share. */
function notice(c: Context<AppEnv>, about: Notice, status: ContentfulStatusCode) {
  c.header('Cache-Control', 'private, no-cache');
  c.header('Vary', 'Accept-Language');
  return c.html(noticePage(about, languageOfRequest(c)), status);
}
