import { z } from 'zod';
import { textField, wireText } from '../http/text.schema.ts';
import { MAX_QUERY_UNITS } from '../media/media.limits.ts';
import { mediaListItem } from '../media/media.schema.ts';
import { tagWithUses } from '../tags/tags.schema.ts';

/**
 * Query of `GET /api/search/suggestions`: `q` is the whole search as typed so far. The server
 * completes its last word.
 */
export const suggestionsQuery = z.object({ q: textField(MAX_QUERY_UNITS).default('') });

/**
 * Completions of the last word of a search, most used first. Without a word: the most used tags.
 */
export const suggestions = z.object({
  /** The unfinished part of `q`, without a preceding `-`, `tag:`, `by:`, `in:` or `is:`. */
  typed: z.string(),
  tags: z.array(tagWithUses),
  people: z.array(z.string()),
  /** Names of collections, those that begin with the text first. */
  collections: z.array(z.string()),
  words: z.array(z.string()),
});

/**
 * Query of `GET /api/search/surprise`: `q` limits it to the matches of a search. `cursor` is `next`
 * of the draw before; without it a new round begins.
 */
export const surpriseQuery = z.object({
  q: textField(MAX_QUERY_UNITS).default(''),
  cursor: wireText(400).optional(),
});

/**
 * Ids of some items in a random order. A round of draws has each match once. A draw may be empty
 * before its end, which `next: null` tells.
 */
export const drawnItems = z.object({ ids: z.array(z.uuid()), next: z.string().nullable() });

/** Longest day in milliseconds: one with the hour that ends summer time. */
const MAX_DAY_MS = 25 * 3_600_000;
/** Largest number of asked days: more years than anybody has kept pictures. */
const MAX_DAYS = 40;

/** A day as the times of its beginning and end: `1700000000000-1700086400000`. */
const day = wireText(40).transform((text, context) => {
  const [, from, to] = (/^(\d{1,13})-(\d{1,13})$/.exec(text) ?? []).map(Number);
  if (from !== undefined && to !== undefined && to > from && to - from <= MAX_DAY_MS) return { from, to };
  context.addIssue({ code: 'custom', message: 'A day is two times in milliseconds since 1970.' });
  return z.NEVER;
});

/**
 * Query of `GET /api/search/days`. The browser knows the time zone of the reader, so it names the
 * beginnings and ends of the days.
 */
export const daysQuery = z.object({
  day: z
    .union([wireText(40).transform((one) => [one]), z.array(wireText(40)).max(MAX_DAYS)])
    .pipe(z.array(day)),
});

/** Answer of `GET /api/search/days`: a few items of each day, newest first. */
export const itemsOfDays = z.object({ items: z.array(mediaListItem) });

/** Answer of `GET /api/search/people`: the names of users with items, for `by:`. */
export const contributorNames = z.object({ people: z.array(z.string()) });

/** Answer of `GET /api/search/suggestions`. */
export type Suggestions = z.infer<typeof suggestions>;
