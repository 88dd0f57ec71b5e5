import { z } from 'zod';
import { role, username } from '../auth/auth.schema.ts';
import { passwordHash } from '../auth/password-hash.schema.ts';
import { MAX_COLLECTION_ITEMS } from '../collections/collections.limits.ts';
import { collectionSort } from '../collections/collections.schema.ts';
import { storableText } from '../http/text.schema.ts';
import { mediaKind, stageName } from '../media/media.schema.ts';
import { MAX_SHARE_ITEMS } from '../shares/shares.limits.ts';
import { SHARE_CODE } from '../shares/shares.schema.ts';
import { OBJECT_KEY } from '../storage/storage.ts';
import { tagName } from '../tags/tags.schema.ts';

/**
 * Format of an archive: a tar with these members, in this order.
 *
 * - {@link HEADER_NAME}, one {@link archiveHeader}
 * - {@link PEOPLE_NAME}, one {@link archivePerson} a line
 * - for each item its original, `media/SHA256.EXT`, followed by `media/SHA256.json`, one {@link
 * archiveItem}
 * - for each collection `collections/NUMBER.json`, one {@link archiveCollection}; only in version
 *   3, which an archive without collections does not need
 * - {@link SHARES_NAME}, one {@link archiveShare} a line; from version 2 on, which an archive
 *   without shares does not need. Those of collections are in version 4
 * - {@link END_NAME}, one {@link archiveEnd}: an archive without it is truncated
 *
 * Every `.json` member is one line, so that together they read as NDJSON. An item follows its file
 * because the file's hash is known only then. Each side therefore needs space for one file only.
 */
export const ARCHIVE_VERSIONS = [1, 2, 3, 4] as const;
export const HEADER_NAME = 'meemikansio.json';
export const PEOPLE_NAME = 'people.ndjson';
export const SHARES_NAME = 'shares.ndjson';
export const END_NAME = 'end.json';

const time = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Longer than any field ever was; bounds the memory of a line. */
const text = z.string().max(200_000).transform(storableText);

/** Parsed first: tells whether we can read the rest. */
export const archiveFormat = z.object({ format: z.literal('meemikansio'), version: z.number().int() });

export const archiveHeader = archiveFormat.extend({
  exportedAt: time,
  /** The release that wrote the archive. */
  revision: z.string(),
  settings: z.object({ membersMayInvite: z.boolean() }),
});

export const archivePerson = z.object({
  id: z.uuid(),
  username,
  role,
  createdAt: time,
  disabledAt: time.nullable(),
  /** Argon2id in PHC format; present only if the export included passwords. */
  passwordHash: passwordHash.optional(),
});

/** An item without its renditions, which are made again from the original. */
export const archiveItem = z.object({
  id: z.uuid(),
  /** {@link archivePerson}`.id` */
  owner: z.uuid(),
  /** Hash of the uploaded file, which identifies the item. */
  sha256,
  /** The stored original, without the metadata that uploads lose. */
  file: z.object({ sha256, size: z.number().int().nonnegative() }),
  /** Object key of the original, so that shared addresses stay valid. */
  key: z.string().regex(OBJECT_KEY),
  kind: mediaKind,
  mime: z.string().max(100),
  width: z.number().int().positive().max(1_000_000),
  height: z.number().int().positive().max(1_000_000),
  durationMs: z.number().int().nonnegative().max(2_147_483_647).nullable(),
  hasAudio: z.boolean(),
  thumbHash: z.string().max(100).nullable(),
  /** The place of the first words of a tall picture, in pixels; absent in archives of before. */
  wordsTop: z.number().int().nonnegative().max(1_000_000).nullable().default(null),
  title: text,
  description: text,
  originalName: text,
  text,
  /** A user wrote or corrected the text. */
  textEdited: z.boolean(),
  /** The text was recognised; otherwise that still has to happen. */
  textRead: z.boolean(),
  tags: z.array(tagName).max(1000),
  /** The users who have it among their favourites; absent in older archives. */
  favourites: z
    .array(z.object({ person: z.uuid(), at: time }))
    .max(100_000)
    .default([]),
  /**
   * The items that were merged into it, with their addresses of before, which lead to it. Those in
   * the trash are also in the archive. Absent in older archives.
   */
  merged: z
    .array(
      z.object({
        id: z.uuid(),
        addresses: z.array(z.object({ key: z.string().regex(OBJECT_KEY), role: z.string().max(20) })).max(20),
      }),
    )
    .max(100_000)
    .default([]),
  /** The stages that jobs run for the item. */
  stages: z.array(stageName).max(stageName.options.length),
  createdAt: time,
  updatedAt: time,
  /** Set while the item is in the trash. */
  deletedAt: time.nullable(),
});

/** A share link, so that it goes on under the same domain. */
export const archiveShare = z
  .object({
    code: z.string().regex(SHARE_CODE),
    /** {@link archivePerson}`.id` */
    owner: z.uuid(),
    /** The place of each item on the page, and {@link archiveItem}`.sha256`. */
    items: z
      .array(
        z.object({
          position: z
            .number()
            .int()
            .min(0)
            .max(MAX_SHARE_ITEMS - 1),
          sha256,
        }),
      )
      .max(MAX_SHARE_ITEMS),
    /** The name of the collection that it shows instead; only in version 4. */
    collection: z.string().max(200).transform(storableText).nullable().default(null),
    showSharer: z.boolean(),
    endFileAddress: z.boolean(),
    opens: z.number().int().nonnegative().max(2_147_483_647),
    createdAt: time,
    expiresAt: time.nullable(),
    revokedAt: time.nullable(),
    lastOpenedAt: time.nullable(),
  })
  .refine(({ items, collection }) => (items.length === 0) === (collection !== null), {
    path: ['items'],
    error: 'A share has either items or a collection.',
  });

/** A collection with its items in the order by hand. */
export const archiveCollection = z.object({
  name: z.string().max(200).transform(storableText),
  description: text,
  sort: collectionSort,
  /** {@link archivePerson}`.id`, here and below. */
  owner: z.uuid(),
  createdAt: time,
  items: z
    .array(
      z.object({
        sha256,
        place: z.string().regex(/^-?\d{1,18}(?:\.\d{1,12})?$/),
        addedBy: z.uuid(),
        addedAt: time,
      }),
    )
    .max(MAX_COLLECTION_ITEMS),
});

export const archiveEnd = z.object({
  people: z.number().int(),
  items: z.number().int(),
  collections: z.number().int().default(0),
  shares: z.number().int().default(0),
});

export type ArchiveHeader = z.infer<typeof archiveHeader>;
export type ArchivePerson = z.infer<typeof archivePerson>;
export type ArchiveItem = z.infer<typeof archiveItem>;
export type ArchiveCollection = z.infer<typeof archiveCollection>;
export type ArchiveShare = z.infer<typeof archiveShare>;
export type ArchiveEnd = z.infer<typeof archiveEnd>;
