import { z } from 'zod';
import { mediaItem, mediaListItem } from '../media.schema.ts';
import { MAX_GROUP_PAGE, MAX_MERGED_ITEMS } from './duplicates.limits.ts';

/** An item of a group. `wish`: a user proposes to merge it into the first one. */
export const duplicateItem = z.object({
  item: mediaListItem,
  wish: z.object({ username: z.string() }).nullable(),
});

/** Items that are the same meme, best file first. */
export const duplicateGroup = z.object({
  id: z.uuid(),
  items: z.array(duplicateItem),
  /** Number of items. If not exact, there are more: only the newest are counted. */
  total: z.object({ value: z.number().int(), exact: z.boolean() }),
});

/** `GET /api/duplicates`: a page of groups, newest first. */
export const duplicatesQuery = z.object({
  /** The page starts after this group. */
  before: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_GROUP_PAGE).default(12),
});

export const duplicateList = z.object({
  groups: z.array(duplicateGroup),
  /** `before` of the next page; `null` on the last one. */
  next: z.uuid().nullable(),
});

/** `POST /api/duplicates/merge`: merges items into another one. Their files go to the trash. */
export const mergeBody = z.object({
  into: z.uuid(),
  ids: z
    .array(z.uuid())
    .min(1)
    .max(MAX_MERGED_ITEMS)
    .transform((all) => [...new Set(all)].toSorted()),
});

/** The item that stays, and those that were merged into it. `POST /api/media/restore` undoes it. */
export const merged = z.object({ item: mediaItem, ids: z.array(z.uuid()) });

/** `PUT /api/duplicates/wishes`: proposes a merge, or takes the proposal back. */
export const wishBody = mergeBody.extend({ wished: z.boolean() });

/** The items whose proposal changed. */
export const wishesChanged = z.object({ ids: z.array(z.uuid()) });

export type DuplicatesQuery = z.infer<typeof duplicatesQuery>;
export type DuplicateGroup = z.infer<typeof duplicateGroup>;
export type DuplicateList = z.infer<typeof duplicateList>;
export type Merge = z.infer<typeof mergeBody>;
export type Merged = z.infer<typeof merged>;
export type WishChange = z.infer<typeof wishBody>;
export type WishesChanged = z.infer<typeof wishesChanged>;
