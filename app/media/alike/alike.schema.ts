import { z } from 'zod';
import { mediaListItem } from '../media.schema.ts';
import { MAX_ALIKE_ROW } from './alike.limits.ts';

/** An alike item. `mirrored`: its mirror image is. */
export const alikeItem = z.object({ item: mediaListItem, mirrored: z.boolean() });

/**
 * How an item is alike: the same words, or none in either, or the same picture with other words.
 */
export const alikeRelation = z.enum(['meme', 'template']);

/** `GET /api/media/:id/alike`: the newest items of each relation. */
export const alikeQuery = z.object({
  /** Only items that are older than this one. They are still counted with the others. */
  before: z.uuid().optional(),
  /** Items of each relation. */
  limit: z.coerce.number().int().min(1).max(MAX_ALIKE_ROW).default(12),
});

/** The newest items that are alike in one way. */
export const alikeRow = z.object({
  items: z.array(alikeItem),
  /** Number of such items. If not exact, there are more: only the newest are compared. */
  total: z.object({ value: z.number().int(), exact: z.boolean() }),
});

/** Every relation, because one search finds them all. */
export const alikeAnswer = z.record(alikeRelation, alikeRow);

export type AlikeRelation = z.infer<typeof alikeRelation>;
export type AlikeQuery = z.infer<typeof alikeQuery>;
export type AlikeRow = z.infer<typeof alikeRow>;
export type AlikeAnswer = z.infer<typeof alikeAnswer>;
