import { z } from 'zod';
import { wireText } from '../http/text.schema.ts';
import { normalizeTag } from './tag-name.ts';

/** Most tags of one item. */
export const MAX_TAGS = 50;
/** Most items that are tagged at once. */
export const MAX_BULK = 500;

/** A tag as anyone may write it; comes out in its one spelling. */
export const tagName = wireText(200).transform((text, context) => {
  const name = normalizeTag(text);
  if (name !== null) return name;
  context.addIssue({
    code: 'custom',
    message: 'A tag has 1–30 letters, digits or other visible characters.',
  });
  return z.NEVER;
});

const tagNames = z
  .array(tagName)
  .max(MAX_TAGS)
  .transform((names) => [...new Set(names)]);

/** `uses`: how many items outside the trash have it. */
export const tagWithUses = z.object({ name: z.string(), uses: z.number().int() });

/** `GET /api/tags`: those that begin with `q`, then those that look like it; the most used first. */
export const tagsQuery = z.object({
  q: wireText(200).default(''),
  limit: z.coerce.number().int().min(1).max(1000).default(20),
});
export const tagList = z.object({ tags: z.array(tagWithUses) });

/** `PUT /api/media/:id/tags`: all its tags. */
export const tagsBody = z.object({ tags: tagNames });

/** `POST /api/tags/changes`: the same change on many items. */
export const tagChanges = z.object({
  ids: z.array(z.uuid()).min(1).max(MAX_BULK),
  add: tagNames.default([]),
  remove: tagNames.default([]),
});
/** How many of the items are there, and the changes as they are spelled now. */
export const tagChangesDone = z.object({
  items: z.number().int(),
  add: z.array(z.string()),
  remove: z.array(z.string()),
});

/** `PATCH /api/tags/:name` and `POST /api/tags/:name/merge`. */
export const renameTag = z.object({ name: tagName });
export const mergeTag = z.object({ into: tagName });
export const tagParam = z.object({ name: tagName });
export const taggedMedia = z.object({ id: z.uuid() });

/** `tags` of an upload: names with commas between. */
export const uploadTags = wireText(10_000)
  .transform((text) => text.split(',').map((name) => name.trim()))
  .transform((names) => names.filter((name) => name !== ''))
  .pipe(tagNames);

export type TagWithUses = z.infer<typeof tagWithUses>;
export type TagChanges = z.infer<typeof tagChanges>;
