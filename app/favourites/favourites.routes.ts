import { Hono } from 'hono';
import { member } from '../http/access.ts';
import type { AppEnv } from '../http/env.ts';
import { limitBody } from '../http/limit-body.ts';
import { validate } from '../http/validate.ts';
import { favouriteChange, favouritesChanged } from './favourites.schema.ts';
import type { FavouritesService } from './favourites.service.ts';

export interface FavouritesDeps {
  favourites: FavouritesService;
}

/** `/api/favourites`: those of the user. `GET /api/media?q=is:favourite` lists them. */
export const favouritesRoutes = ({ favourites }: FavouritesDeps) =>
  new Hono<AppEnv>().put(
    '/',
    member({
      summary: 'Make items favourites of the user, or no longer',
      scope: 'edit',
      answers: { 200: favouritesChanged },
    }),
    limitBody(64_000),
    validate('json', favouriteChange),
    async (c) => c.json(await favourites.change(c.req.valid('json'), c.var.session)),
  );
