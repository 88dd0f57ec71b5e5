import { z } from 'zod';
import { wireText } from '../http/text.schema.ts';
import { MAX_BULK_ITEMS } from '../media/media.limits.ts';
import { normalizeTag } from './tag-name.ts';
import { MAX_TAGS_PER_ITEM } from './tags.limits.ts';

/** A tag as typed; the output is its normalised spelling. */
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
  .max(MAX_TAGS_PER_ITEM)
  .transform((names) => [...new Set(names)]);

/** `uses`: number of items outside the trash that have it. */
export const tagWithUses = z.object({ name: z.string(), uses: z.number().int() });

/**
 * `GET /api/tags`: tags that begin with `q`, then similar ones; most used first. `unused` also
 * finds tags of no item outside the trash.
 */
export const tagsQuery = z.object({
  q: wireText(200).default(''),
  limit: z.coerce.number().int().min(1).max(1000).default(20),
  unused: z.stringbool().default(false),
});
export const tagList = z.object({ tags: z.array(tagWithUses) });

/** `PUT /api/media/:id/tags`: all its tags. */
export const tagsBody = z.object({ tags: tagNames });

/** `POST /api/tags/changes`: the same change on many items. */
export const tagChanges = z.object({
  ids: z.array(z.uuid()).min(1).max(MAX_BULK_ITEMS),
  add: tagNames.default([]),
  remove: tagNames.default([]),
});
/** The number of existing items, and the changes in normalised spelling. */
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

/** `tags` of an upload: names separated by commas. */
export const uploadTags = wireText(10_000)
  .transform((text) => text.split(',').map((name) => name.trim()))
  .transform((names) => names.filter((name) => name !== ''))
  .pipe(tagNames);

export type TagWithUses = z.infer<typeof tagWithUses>;
export type TagsQuery = z.infer<typeof tagsQuery>;
export type TagChanges = z.infer<typeof tagChanges>;
