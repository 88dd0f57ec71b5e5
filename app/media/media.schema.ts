import { z } from 'zod';
import { textField, wireText } from '../http/text.schema.ts';
import { tagName } from '../tags/tags.schema.ts';

/** Types that are accepted, recognized by content. */
export const ACCEPTED_TYPES = [
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/heic',
  'video/mp4',
  'video/webm',
  'video/quicktime',
] as const;

export const mediaKind = z.enum(['image', 'animation', 'video']);
export const mediaState = z.enum(['processing', 'ready', 'failed']);

/** What is made of an item after it is kept, each by a job of its own. */
export const stageName = z.enum(['thumbnail', 'preview', 'playback', 'text']);

/** A stage that is not done: still to come, or given up with a sentence that says why. */
export const openStage = z.object({
  stage: stageName,
  state: z.enum(['pending', 'failed']),
  failure: z.string().nullable(),
});

/** One item as every route of it answers it. Sizes in bytes, durations in milliseconds, times ISO 8601. */
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
  /** The words read from the picture, or what a person made of them. */
  text: z.string(),
  /** Whether a person corrected the text: reading it again leaves it alone unless asked. */
  textEdited: z.boolean(),
  tags: z.array(z.string()),
  /** `processing` until every stage is done; `failed` comes with a sentence in `failure`. */
  state: mediaState,
  failure: z.string().nullable(),
  /** The stages that are not done, in order; empty for what is ready. */
  stages: z.array(openStage),
  /** Address of the original, public and unguessable. */
  url: z.string(),
  thumbUrl: z.string().nullable(),
  /** thumbhash, base64: a blurred placeholder of about 25 bytes. */
  thumbHash: z.string().nullable(),
  /** A large still of a video. */
  posterUrl: z.string().nullable(),
  /** A short silent MP4 of an animation, when that is smaller than the animation itself. */
  previewUrl: z.string().nullable(),
  /** An MP4 every browser plays, of a video whose original not all do. */
  playbackUrl: z.string().nullable(),
  hasAudio: z.boolean(),
  owner: z.object({ id: z.uuid(), username: z.string() }),
  createdAt: z.iso.datetime(),
  deletedAt: z.iso.datetime().nullable(),
});

/** Which field matched a search, and a snippet of it with the matching words as ranges [start, end) of UTF-16 offsets. */
export const match = z.object({
  field: z.enum(['title', 'text', 'description', 'tags', 'name']),
  snippet: z.string(),
  marks: z.array(z.tuple([z.number().int(), z.number().int()])),
});

export const mediaListItem = mediaItem.omit({ text: true }).extend({ match: match.nullable() });

export const mediaList = z.object({
  items: z.array(mediaListItem),
  nextCursor: z.string().nullable(),
  /** How many items a search finds; with the first page of one only. Not exact: an estimate of the database. */
  total: z.object({ value: z.number().int(), exact: z.boolean() }).nullable(),
  /** Set when some words matched nothing and others were searched for instead: `query` is what is shown. */
  corrected: z
    .object({ query: z.string(), words: z.array(z.object({ from: z.string(), to: z.string() })) })
    .nullable(),
});

/** Longest search, in UTF-16 units. */
export const MAX_QUERY_UNITS = 1000;

/** A parameter that may be given several times. */
const several = <Schema extends z.ZodType<unknown, string>>(schema: Schema) =>
  z
    .union([wireText(MAX_QUERY_UNITS).transform((one) => [one]), z.array(wireText(MAX_QUERY_UNITS)).max(32)])
    .pipe(z.array(schema))
    .optional();

/**
 * `GET /api/media`: newest first, or what `q` finds (docs/search.md), best first. Filters: all of the tags, any of the types, any
 * of the people (user names). `trash=true` lists the trash instead: one's own, or everything for an admin.
 */
export const mediaListQuery = z.object({
  q: textField(MAX_QUERY_UNITS).optional(),
  tag: several(tagName),
  type: several(mediaKind),
  by: several(wireText(128)),
  trash: z.stringbool().optional(),
  cursor: wireText(500).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
});

export const mediaId = z.object({ id: z.uuid() });
export const sha256Param = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** Longest text of a picture, in UTF-16 units: a page of a newspaper has about half of it. */
export const MAX_TEXT_UNITS = 20_000;

/** `PATCH /api/media/:id`: what is named changes. A `text` counts as corrected by a person, also an empty one. */
export const mediaPatch = z
  .object({ title: textField(200), description: textField(2000), text: textField(MAX_TEXT_UNITS) })
  .partial();

export type MediaKind = z.infer<typeof mediaKind>;
/** `POST /api/media/:id/reprocess`: makes everything again. A text that a person edited is read anew only if asked. */
export const reprocessBody = z.object({ overwriteText: z.boolean().default(false) });

export type StageName = z.infer<typeof stageName>;
export type MediaItem = z.infer<typeof mediaItem>;
export type MediaListItem = z.infer<typeof mediaListItem>;
export type MediaList = z.infer<typeof mediaList>;
export type MediaListQuery = z.infer<typeof mediaListQuery>;
export type MediaPatch = z.infer<typeof mediaPatch>;
export type Match = z.infer<typeof match>;
