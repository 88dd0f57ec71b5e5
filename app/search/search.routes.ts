import { Hono } from 'hono';
import { member } from '../http/access.ts';
import type { AppEnv, SessionUser } from '../http/env.ts';
import type { PageLink } from '../http/page-link.ts';
import { validate } from '../http/validate.ts';
import { mediaList, mediaListQuery, type MediaList, type MediaListItem } from '../media/media.schema.ts';
import { itemShare } from '../shares/item-share.ts';
import type { Shares } from '../shares/shares.service.ts';
import {
  contributorNames,
  daysQuery,
  drawnItems,
  itemsOfDays,
  suggestions as suggestionsAnswer,
  suggestionsQuery,
  surpriseQuery,
} from './search.schema.ts';
import type { SearchService } from './search.service.ts';
import type { SuggestService } from './suggest.service.ts';

/** Services that the search routes need. */
export interface SearchDeps {
  search: SearchService;
  suggestions: SuggestService;
}

/** Services that the list needs. */
export interface ListDeps {
  search: SearchService;
  shares: Pick<Shares, 'links'>;
  pageLink: PageLink;
}

/** Creates the list of items: `GET /api/media`. */
export function listRoutes({ search, shares, pageLink }: ListDeps) {
  /** Adds the share links of the user. */
  async function withShares(list: MediaList, by: SessionUser, addressOf: (code: string) => string) {
    const codes = await shares.links(
      by,
      list.items.map(({ id }) => id),
    );
    const items = list.items.map((item): MediaListItem => {
      const code = codes.get(item.id);
      return { ...item, share: code === undefined ? null : itemShare(item, addressOf(code)) };
    });
    return { ...list, items };
  }
  return new Hono<AppEnv>().get(
    '/',
    member({
      summary: 'Newest first, or the results of a search',
      scope: 'read',
      answers: { 200: mediaList },
      errors: ['invalid_cursor'],
    }),
    validate('query', mediaListQuery),
    async (c) => {
      const { include, ...query } = c.req.valid('query');
      const list = await search.list(query, c.var.session, c.var.asOf);
      const addressOf = (code: string) => pageLink(c.req, `/s/${code}`);
      return c.json(include === undefined ? list : await withShares(list, c.var.session, addressOf));
    },
  );
}

/**
 * Creates the routes of `/api/search`. The list itself is `GET /api/media`.
 *
 * @example
 * app.route('/api/search', searchRoutes({ search, suggestions }));
 */
export const searchRoutes = ({ search, suggestions }: SearchDeps) =>
  new Hono<AppEnv>()
    .get(
      '/suggestions',
      member({
        summary: 'Completions of the last word of a search',
        scope: 'read',
        answers: { 200: suggestionsAnswer },
      }),
      validate('query', suggestionsQuery),
      async (c) => c.json(await suggestions.suggest(c.req.valid('query').q)),
    )
    .get(
      '/people',
      member({ summary: 'Names of users with items', scope: 'read', answers: { 200: contributorNames } }),
      async (c) => c.json({ people: await suggestions.people() }),
    )
    .get(
      '/surprise',
      member({
        summary: 'Random items, each once in a round',
        scope: 'read',
        answers: { 200: drawnItems },
        errors: ['invalid_cursor'],
      }),
      validate('query', surpriseQuery),
      async (c) => c.json(await search.surprise(c.req.valid('query'), c.var.session)),
    )
    .get(
      '/days',
      member({
        summary: 'A few items that were added on given days',
        scope: 'read',
        answers: { 200: itemsOfDays },
      }),
      validate('query', daysQuery),
      async (c) => c.json({ items: await search.days(c.req.valid('query').day, c.var.session) }),
    );
