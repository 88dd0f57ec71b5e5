import { z } from 'zod';
import { textField, wireText } from '../http/text.schema.ts';
import { itemIds } from '../media/bulk.schema.ts';
import { MAX_BULK_ITEMS } from '../media/media.limits.ts';
import { collectionName } from './collection-name.ts';
import { MAX_COLLECTION_DESCRIPTION_UNITS } from './collections.limits.ts';

/** A name as typed; the output is the clean name and its key. */
export const collectionNameField = wireText(200).transform((text, context) => {
  const found = collectionName(text);
  if (found !== null) return found;
  context.addIssue({
    code: 'custom',
    message: 'A name has 1–60 letters, digits or other visible characters.',
  });
  return z.NEVER;
});

/** Orders of a collection: by hand, or by the time at which items were added to the library. */
export const collectionSort = z.enum(['hand', 'newest', 'oldest']);

/** One collection. Times ISO 8601. */
export const collection = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string(),
  sort: collectionSort,
  owner: z.object({ id: z.uuid(), username: z.string() }),
  /** Number of items outside the trash. */
  items: z.number().int(),
  /** Thumbnails of the first items, in order; `null` while one is not made. */
  covers: z.array(z.object({ id: z.uuid(), thumbUrl: z.string().nullable() })),
  createdAt: z.iso.datetime(),
});

/**
 * `GET /api/collections`: by name. `q`: only names that contain it. `name`: the one of this name.
 * `item`: only those with the item.
 */
export const collectionsQuery = z.object({
  q: wireText(200).optional(),
  name: wireText(200).optional(),
  item: z.uuid().optional(),
  cursor: wireText(400).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});
export const collectionList = z.object({
  collections: z.array(collection),
  nextCursor: z.string().nullable(),
});

const description = textField(MAX_COLLECTION_DESCRIPTION_UNITS);

/** `POST /api/collections` */
export const newCollection = z.object({
  name: collectionNameField,
  description: description.default(''),
  sort: collectionSort.default('hand'),
});

/** `PATCH /api/collections/:collection`: changes the given fields. */
export const collectionPatch = z
  .object({ name: collectionNameField, description, sort: collectionSort })
  .partial();

export const collectionParam = z.object({ collection: z.uuid() });

/** A place among the items of a collection, as a decimal number. */
const place = z.string().regex(/^-?\d{1,7}(?:\.\d{1,12})?$/);

/**
 * `POST /api/collections/:collection/items`: adds items at the end, or at the places they had
 * before.
 */
export const collectedItems = itemIds.extend({
  places: z
    .record(z.uuid(), place)
    .default({})
    .refine((all) => Object.keys(all).length <= MAX_BULK_ITEMS),
});

/** The items that were not in the collection before. */
export const itemsAdded = z.object({ added: z.array(z.uuid()), collection });

/** `POST /api/collections/:collection/remove`: the items that left, with the places they had. */
export const itemsRemoved = z.object({ removed: z.array(z.object({ id: z.uuid(), place: z.string() })) });

/**
 * `PUT /api/collections/:collection/order`: moves items behind another one; `null`: to the
 * beginning.
 */
export const collectionMove = itemIds.extend({ after: z.uuid().nullable() });

export type Collection = z.infer<typeof collection>;
export type CollectionSort = z.infer<typeof collectionSort>;
export type CollectionList = z.infer<typeof collectionList>;
export type CollectionsQuery = z.infer<typeof collectionsQuery>;
export type NewCollection = z.infer<typeof newCollection>;
export type CollectionPatch = z.infer<typeof collectionPatch>;
export type CollectedItems = z.infer<typeof collectedItems>;
export type CollectionMove = z.infer<typeof collectionMove>;
