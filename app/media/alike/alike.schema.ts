import { z } from 'zod';
import { mediaListItem } from '../media.schema.ts';
import { MAX_ALIKE_PAGE } from './alike.limits.ts';

/** An alike item. `mirrored`: its mirror image is. */
export const alikeItem = z.object({ item: mediaListItem, mirrored: z.boolean() });

/**
 * How an item is alike: the same words, or none in either, or the same picture with other words.
 */
export const alikeRelation = z.enum(['meme', 'template']);

/** `GET /api/media/:id/alike`: a page of the items that are alike in one way, newest first. */
export const alikeQuery = z.object({
  as: alikeRelation.default('meme'),
  /** The page starts after this item. */
  before: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_ALIKE_PAGE).default(12),
});

export const alikeList = z.object({
  items: z.array(alikeItem),
  /** Number of such items. If not exact, there are more: only the newest are compared. */
  total: z.object({ value: z.number().int(), exact: z.boolean() }),
  /** `before` of the next page; `null` on the last one. */
  next: z.uuid().nullable(),
});

export type AlikeRelation = z.infer<typeof alikeRelation>;
export type AlikeQuery = z.infer<typeof alikeQuery>;
export type AlikeList = z.infer<typeof alikeList>;
