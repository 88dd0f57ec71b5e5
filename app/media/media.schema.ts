import { z } from 'zod';
import { textField, wireText } from '../http/text.schema.ts';
import { tagName } from '../tags/tags.schema.ts';
import { FAILURE_CODES } from './stages/failures.schema.ts';
import { MAX_PICTURE_HASHES } from './alike/alike.limits.ts';
import { MAX_DESCRIPTION_UNITS, MAX_QUERY_UNITS, MAX_TEXT_UNITS, MAX_TITLE_UNITS } from './media.limits.ts';

export const mediaKind = z.enum(['image', 'animation', 'video']);
export const mediaState = z.enum(['processing', 'ready', 'failed']);

/** Processing stages of an item after it is stored, each with a job of its own. */
export const stageName = z.enum(['thumbnail', 'preview', 'playback', 'text']);

/** Reason why a stage failed. Newer servers may send further codes. */
export const failureCode = z.enum(FAILURE_CODES);

/** An unfinished stage: pending, or failed with the code of the reason. */
export const openStage = z.object({
  stage: stageName,
  state: z.enum(['pending', 'failed']),
  failure: failureCode.nullable(),
});

/**
 * One item, as every route returns it. Sizes in bytes, durations in milliseconds, times ISO 8601.
 */
export const mediaItem = z.object({
  id: z.uuid(),
  kind: mediaKind,
  mime: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  durationMs: z.number().int().nullable(),
  byteSize: z.number().int(),
  title: z.string(),
  description: z.string(),
  originalName: z.string(),
  /** The recognised words of the picture, or a user's version of them. */
  text: z.string(),
  /** Whether a user corrected the text. Recognition then keeps it unless told otherwise. */
  textEdited: z.boolean(),
  tags: z.array(z.string()),
  /** How many users have it among their favourites, and whether the requesting user has. */
  favourites: z.number().int(),
  favourite: z.boolean(),
  /** `processing` until every stage is done; `failed` comes with a code in `failure`. */
  state: mediaState,
  failure: failureCode.nullable(),
  /** The unfinished stages, in order; empty for a ready item. */
  stages: z.array(openStage),
  /**
   * Address of the original, public and unguessable. The files of an item in the trash have none.
   * These addresses then need the session of a user who sees the item.
   */
  url: z.string(),
  thumbUrl: z.string().nullable(),
  /** A wider thumbnail for large tiles, of a picture that is wide enough. */
  largeUrl: z.string().nullable(),
  /** thumbhash, base64: a blurred placeholder of about 25 bytes. */
  thumbHash: z.string().nullable(),
  /** A large still of a video. */
  posterUrl: z.string().nullable(),
  /** A short silent MP4 of an animation, if it is smaller than the animation. */
  previewUrl: z.string().nullable(),
  /** An MP4 that every browser plays, of a video whose original some do not. */
  playbackUrl: z.string().nullable(),
  hasAudio: z.boolean(),
  owner: z.object({ id: z.uuid(), username: z.string() }),
  createdAt: z.iso.datetime(),
  deletedAt: z.iso.datetime().nullable(),
});

/**
 * The field that matched a search, and a snippet of it. The matching words are ranges [start, end)
 * of UTF-16 offsets.
 */
export const match = z.object({
  field: z.enum(['title', 'text', 'description', 'tags', 'name']),
  snippet: z.string(),
  marks: z.array(z.tuple([z.number().int(), z.number().int()])),
});

/** The requesting user's lasting share link of an item, for people without an account. */
export const itemShare = z.object({
  /** Full address of the share page. */
  url: z.string(),
  /** The sharing picture, a JPEG of at most 300 kB; `null` before it can be made. */
  preview: z.object({ url: z.string(), width: z.number().int(), height: z.number().int() }).nullable(),
});

export const mediaListItem = mediaItem.omit({ text: true }).extend({
  match: match.nullable(),
  /** Only with `include=share`; `null` for an item that the user does not share so. */
  share: itemShare.nullable().optional(),
});

export const mediaList = z.object({
  items: z.array(mediaListItem),
  nextCursor: z.string().nullable(),
  /**
   * Number of items a search finds; on its first page only. If not exact, the database's estimate.
   */
  total: z.object({ value: z.number().int(), exact: z.boolean() }).nullable(),
  /**
   * Set if some words matched nothing and others replaced them; `query` is the corrected search.
   */
  corrected: z
    .object({ query: z.string(), words: z.array(z.object({ from: z.string(), to: z.string() })) })
    .nullable(),
});

/** A parameter that may occur several times. */
const several = <Schema extends z.ZodType<unknown, string>>(schema: Schema, most = 32) =>
  z
    .union([
      wireText(MAX_QUERY_UNITS).transform((one) => [one]),
      z.array(wireText(MAX_QUERY_UNITS)).max(most),
    ])
    .pipe(z.array(schema))
    .optional();

/**
 * Orders of a list that a user can choose. `shared`: most openings of share pages first, then most
 * shares, then newest.
 */
export const listSort = z.enum(['newest', 'oldest', 'shared']);

/**
 * `GET /api/media`: newest first, or the results of `q` (docs/search.md), best first. Filters: all
 * of the tags, any of the types, any of the usernames. `sort` chooses another order: `newest`,
 * `oldest`, or `shared` (docs/search.md). `trash=true` lists the trash instead, newest first: the
 * user's own, or everything for an admin. `include=share` adds the user's share link of each item,
 * and makes none.
 */
export const mediaListQuery = z.object({
  q: textField(MAX_QUERY_UNITS).optional(),
  tag: several(tagName),
  type: several(mediaKind),
  by: several(wireText(128)),
  sort: listSort.optional(),
  trash: z.stringbool().optional(),
  include: z.enum(['share']).optional(),
  cursor: wireText(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});

export const mediaId = z.object({ id: z.uuid() });

/**
 * `GET /api/media/known/:sha256`: `look` are the perceptual hashes of the file, in lower-case hex.
 */
export const knownQuery = z.object({ look: several(z.string().regex(/^[0-9a-f]{64}$/), MAX_PICTURE_HASHES) });

/**
 * The item that has the file, `null` for none that is visible. `alike`: without one, an item
 * outside the trash that looks like the file.
 */
export const knownItem = z.object({ id: z.uuid().nullable(), alike: z.uuid().nullable() });

/** `DELETE /api/media/:id`: `forever` deletes an item of the trash for good. */
export const deleteQuery = z.object({ forever: z.stringbool().default(false) });

/** `POST /api/media/:id/new-address` */
export const renewedItem = z.object({ item: mediaItem });

/** The files of an item: its original and its renditions. */
export const fileRole = z.enum(['original', 'thumb', 'large', 'poster', 'preview', 'playback']);

/** `GET /api/media/:id/trashed/:role` */
export const trashedFile = z.object({ id: z.uuid(), role: fileRole });
export type FileRole = z.infer<typeof fileRole>;
export const sha256Param = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/**
 * `PATCH /api/media/:id`: changes the given fields. A `text`, even an empty one, counts as
 * corrected by a user.
 */
export const mediaPatch = z
  .object({
    title: textField(MAX_TITLE_UNITS),
    description: textField(MAX_DESCRIPTION_UNITS),
    text: textField(MAX_TEXT_UNITS),
  })
  .partial();

export type MediaKind = z.infer<typeof mediaKind>;
/**
 * `POST /api/media/:id/reprocess`: runs all stages again. Replaces a text that a user edited only
 * if asked.
 */
export const reprocessBody = z.object({ overwriteText: z.boolean().default(false) });

export type StageName = z.infer<typeof stageName>;
export type MediaItem = z.infer<typeof mediaItem>;
export type ItemShare = z.infer<typeof itemShare>;
export type MediaListItem = z.infer<typeof mediaListItem>;
export type MediaList = z.infer<typeof mediaList>;
export type ListSort = z.infer<typeof listSort>;
export type MediaListQuery = z.infer<typeof mediaListQuery>;
export type MediaPatch = z.infer<typeof mediaPatch>;
export type Match = z.infer<typeof match>;
