import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { open } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { errorBody, type ErrorBody } from '../http/errors.schema.ts';
import { AppError } from '../http/errors.ts';
import { withoutOrigin } from '../http/page-link.ts';
import { validate } from '../http/validate.ts';
import { oembedOf, sharePageOf } from './oembed.ts';
import { oembedAnswer, oembedQuery } from './oembed.schema.ts';
import { countMiss, type SharePagesDeps } from './page.routes.ts';
import { shownShare } from './page.view.ts';
import { languageOf, PAGE_TEXTS } from '../i18n/page-texts.ts';

/** `/api/oembed`: how other sites embed share pages (https://oembed.com). Asks for no session. */
export const oembedRoutes = (deps: SharePagesDeps) =>
  new Hono<AppEnv>().use(forEverySite).get(
    '/',
    open({
      summary: 'A share page for embedding, as oEmbed',
      scope: 'any',
      answers: { 200: oembedAnswer, 501: errorBody },
      errors: ['not_found', 'too_many_attempts', 'unavailable'],
    }),
    validate('query', oembedQuery),
    async (c) => {
      const { url, format, ...limits } = c.req.valid('query');
      if (format !== 'json') {
        const message = 'This address answers in JSON only.';
        const body: ErrorBody = { code: 'invalid_field', message, requestId: c.var.requestId };
        return c.json(body, 501);
      }
      const site = deps.pageLink(withoutOrigin(c.req), '');
      const address = sharePageOf(url, site);
      if (!address) throw missing();
      const found = await deps.sharePages.find(address.code, null);
      if (found.state === 'missing') await countMiss(deps, c);
      if (found.state !== 'live') throw missing();
      const words = PAGE_TEXTS[languageOf(c.req.header('accept-language'))];
      const answer = await oembedOf(shownShare(found.share, site, words), address.position, limits, words);
      if (!answer) throw missing();
      c.header('Cache-Control', 'public, max-age=60');
      return c.json(answer);
    },
  );

/**
 * Lets pages of other sites read every answer, also an error. It depends on the address, never on a
 * session.
 */
const forEverySite = createMiddleware<AppEnv>(async function forEverySite(c, next) {
  c.set('session', null);
  c.header('Access-Control-Allow-Origin', '*');
  c.header('Vary', 'Accept-Language');
  c.header('X-Robots-Tag', 'noindex');
  await next();
});

const missing = () => new AppError('not_found', 'There is no share page at this address.');
