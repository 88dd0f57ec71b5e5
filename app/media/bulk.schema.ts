import { z } from 'zod';
import { wireText } from '../http/text.schema.ts';

/** Most items that are deleted, restored or packed in one request. */
export const MAX_SELECTED_ITEMS = 500;

const ids = z
  .array(z.uuid())
  .min(1)
  .max(MAX_SELECTED_ITEMS)
  .transform((all) => [...new Set(all)]);

/** `POST /api/media/trash` and `POST /api/media/restore`. */
export const selection = z.object({ ids });

/** The items that moved: not those that were there already, are gone, or belong to somebody else. */
export const selectionMoved = z.object({ ids: z.array(z.uuid()) });

/** `POST /api/media/zip`: a form, so that the browser saves the answer as it comes; ids with commas between. */
export const zipForm = z.object({
  ids: wireText(40 * MAX_SELECTED_ITEMS)
    .transform((text) => text.split(','))
    .pipe(ids),
});

export type SelectionMoved = z.infer<typeof selectionMoved>;
