import type { Database } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import { visibleTrash, type Viewer } from '../media/visibility.ts';
import { lockItems } from '../tags/tags.repository.ts';
import { countFavourites, deleteFavourites, insertFavourites } from './favourites.repository.ts';
import type { FavouriteChange, FavouritesChanged } from './favourites.schema.ts';

/** The favourites of each user. Everybody sees how many users have an item, and nobody who. */
export interface FavouritesService {
  /** Makes items favourites of the user, or no longer. Repeating it changes nothing. */
  change(change: FavouriteChange, by: Viewer): Promise<FavouritesChanged>;
}

export const createFavourites = (db: Database): FavouritesService => ({
  change: ({ ids, favourite }, by) =>
    inTransaction(db, async (trx) => {
      // The search row of an item changes only under the item's lock (docs/database-changes.md).
      const here = await lockItems(trx, ids, visibleTrash(by));
      const changed = await (favourite ? insertFavourites : deleteFavourites)(trx, here, by.id);
      const items = await countFavourites(trx, here);
      return { changed, items: items.map((item) => ({ ...item, favourite })) };
    }),
});
