import { Hono } from 'hono';
import { member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { validate } from '../http/validate.ts';
import { mediaList, mediaListQuery } from '../media/media.schema.ts';
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

/** Creates the list of items: `GET /api/media`. */
export const listRoutes = ({ search }: Pick<SearchDeps, 'search'>) =>
  new Hono<AppEnv>().get(
    '/',
    member({
      summary: 'Newest first, or the results of a search',
      scope: 'read',
      answers: { 200: mediaList },
      errors: ['invalid_cursor'],
    }),
    validate('query', mediaListQuery),
    async (c) => c.json(await search.list(c.req.valid('query'), c.var.session, c.var.asOf)),
  );

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
