import { z } from 'zod';
import { textField } from '../http/text.schema.ts';
import { MAX_QUERY_UNITS } from '../media/media.limits.ts';
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
  words: z.array(z.string()),
  /** Names of collections, those that begin with the text first. */
  collections: z.array(z.string()),
});

/** Answer of `GET /api/search/people`: the names of users with items, for `by:`. */
export const contributorNames = z.object({ people: z.array(z.string()) });

/** Answer of `GET /api/search/suggestions`. */
export type Suggestions = z.infer<typeof suggestions>;
