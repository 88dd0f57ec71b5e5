import { z } from 'zod';
import { role, username } from '../auth/auth.schema.ts';
import { passwordHash } from '../auth/password-hash.schema.ts';
import { storableText } from '../http/text.schema.ts';
import { mediaKind, stageName } from '../media/media.schema.ts';
import { OBJECT_KEY } from '../storage/storage.ts';
import { tagName } from '../tags/tags.schema.ts';

/**
 * What an exported folder is made of: a tar whose members are, in this order,
 *
 * - {@link HEADER_NAME}, one {@link archiveHeader};
 * - {@link PEOPLE_NAME}, one {@link archivePerson} a line;
 * - for each item its original, `media/SHA256.EXT`, and right behind it `media/SHA256.json`, one {@link archiveItem};
 * - {@link END_NAME}, one {@link archiveEnd}: what lacks it is cut short.
 *
 * Every `.json` member is one line, so that together they read as NDJSON. An item comes behind its file because only then
 * the file's hash is known: neither side needs more room than for one file.
 */
export const ARCHIVE_VERSION = 1;
export const HEADER_NAME = 'meemikansio.json';
export const PEOPLE_NAME = 'people.ndjson';
export const END_NAME = 'end.json';

const time = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Longer than any field here ever was; bounds what a line can make us hold. */
const text = z.string().max(200_000).transform(storableText);

/** Looked at first: says whether the rest can be understood. */
export const archiveFormat = z.object({ format: z.literal('meemikansio'), version: z.number().int() });

export const archiveHeader = archiveFormat.extend({
  exportedAt: time,
  /** The release that wrote it. */
  revision: z.string(),
  settings: z.object({ membersMayInvite: z.boolean() }),
});

export const archivePerson = z.object({
  id: z.uuid(),
  username,
  role,
  createdAt: time,
  disabledAt: time.nullable(),
  /** Argon2id in PHC format; only where the export was asked for it. */
  passwordHash: passwordHash.optional(),
});

/** Renditions are missing on purpose: they are made again from the original. */
export const archiveItem = z.object({
  id: z.uuid(),
  /** {@link archivePerson}`.id` */
  owner: z.uuid(),
  /** Of the file as it was uploaded: what an item is known by. */
  sha256,
  /** The original as it is kept, without the metadata that uploads lose. */
  file: z.object({ sha256, size: z.number().int().nonnegative() }),
  /** Its object key, so that addresses that were shared go on working. */
  key: z.string().regex(OBJECT_KEY),
  kind: mediaKind,
  mime: z.string().max(100),
  width: z.number().int().positive().max(1_000_000),
  height: z.number().int().positive().max(1_000_000),
  durationMs: z.number().int().nonnegative().max(2_147_483_647).nullable(),
  hasAudio: z.boolean(),
  thumbHash: z.string().max(100).nullable(),
  title: text,
  description: text,
  originalName: text,
  text,
  /** A person wrote or corrected the text. */
  textEdited: z.boolean(),
  /** The words were read already; otherwise they still have to be. */
  textRead: z.boolean(),
  tags: z.array(tagName).max(1000),
  /** What is made of it by jobs. */
  stages: z.array(stageName).max(stageName.options.length),
  createdAt: time,
  updatedAt: time,
  /** Set while it is in the trash. */
  deletedAt: time.nullable(),
});

export const archiveEnd = z.object({ people: z.number().int(), items: z.number().int() });

export type ArchiveHeader = z.infer<typeof archiveHeader>;
export type ArchivePerson = z.infer<typeof archivePerson>;
export type ArchiveItem = z.infer<typeof archiveItem>;
export type ArchiveEnd = z.infer<typeof archiveEnd>;
