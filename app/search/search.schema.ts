import { z } from 'zod';
import { textField } from '../http/text.schema.ts';
import { MAX_QUERY } from '../media/media.schema.ts';
import { tagWithUses } from '../tags/tags.schema.ts';

/** `GET /api/search/suggestions`: `q` is the whole search as typed so far; its last word is completed. */
export const suggestionsQuery = z.object({ q: textField(MAX_QUERY).default('') });

/** What the last word of a search may become, most used first. Without a word: the most used tags. */
export const suggestions = z.object({
  /** The part of `q` that is being typed, without `-`, `tag:` or `by:` before it. */
  typed: z.string(),
  tags: z.array(tagWithUses),
  people: z.array(z.string()),
  words: z.array(z.string()),
});

/** `GET /api/search/people`: names of those who have something in the folder, for `by:`. */
export const people = z.object({ people: z.array(z.string()) });

export type Suggestions = z.infer<typeof suggestions>;
