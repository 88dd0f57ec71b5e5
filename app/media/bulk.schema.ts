import { z } from 'zod';
import { wireText } from '../http/text.schema.ts';
import { mediaListItem } from './media.schema.ts';
import { MAX_BULK_ITEMS } from './media.limits.ts';

const ids = z
  .array(z.uuid())
  .min(1)
  .max(MAX_BULK_ITEMS)
  .transform((all) => [...new Set(all)]);

/** `POST /api/media/trash`, `POST /api/media/restore` and `POST /api/media/purge`. */
export const itemIds = z.object({ ids });

/** The moved items. Omits items that were there already, are gone, or belong to another user. */
export const movedItems = z.object({ ids: z.array(z.uuid()) });

/** `DELETE /api/trash`: the user's trash, or everybody's for an admin. */
export const trashQuery = z.object({ scope: z.enum(['mine', 'all']).default('mine') });

/** Items that are deleted, and items that a job still deletes. */
export const trashEmptied = z.object({ deleted: z.number().int(), remaining: z.number().int() });

/** The restored items: their addresses may be new. */
export const restoredItems = movedItems.extend({ items: z.array(mediaListItem) });

/**
 * `POST /api/media/zip`: a form, so that the browser saves the response as it arrives; ids
 * separated by commas.
 */
export const zipForm = z.object({
  ids: wireText(40 * MAX_BULK_ITEMS)
    .transform((text) => text.split(','))
    .pipe(ids),
});

export type MovedItems = z.infer<typeof movedItems>;
export type TrashEmptied = z.infer<typeof trashEmptied>;
export type RestoredItems = z.infer<typeof restoredItems>;
