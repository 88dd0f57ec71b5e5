import { z } from 'zod';
import { itemIds } from '../media/bulk.schema.ts';

/** `PUT /api/favourites`: makes items favourites of the user, or no longer. */
export const favouriteChange = itemIds.extend({ favourite: z.boolean() });

/**
 * The existing items: those that changed, and the favourites of each. An item in another user's
 * trash does not exist here.
 */
export const favouritesChanged = z.object({
  changed: z.array(z.uuid()),
  items: z.array(z.object({ id: z.uuid(), favourites: z.number().int(), favourite: z.boolean() })),
});

export type FavouriteChange = z.infer<typeof favouriteChange>;
export type FavouritesChanged = z.infer<typeof favouritesChanged>;
