import { z } from 'zod';
import { wireText } from '../http/text.schema.ts';

const maxPixels = z.coerce.number().int().min(1).max(100_000).optional();

/** `GET /api/oembed`: the parameters of https://oembed.com §2.2. */
export const oembedQuery = z.object({
  /** Full address of a share page, or of one item of a gallery. */
  url: wireText(2000),
  format: wireText(20).default('json'),
  maxwidth: maxPixels,
  maxheight: maxPixels,
});

const pixels = z.number().int().positive();
const common = z.object({
  version: z.literal('1.0'),
  title: z.string(),
  /** The user who shares, if that was chosen. */
  author_name: z.string().optional(),
  provider_name: z.string(),
  provider_url: z.string(),
  /** Seconds. */
  cache_age: z.number().int(),
  thumbnail_url: z.string().optional(),
  thumbnail_width: pixels.optional(),
  thumbnail_height: pixels.optional(),
});

/** The answer of `GET /api/oembed` (https://oembed.com §2.3). */
export const oembedAnswer = z.discriminatedUnion('type', [
  common.extend({ type: z.literal('photo'), url: z.string(), width: pixels, height: pixels }),
  common.extend({ type: z.literal('video'), html: z.string(), width: pixels, height: pixels }),
  common.extend({ type: z.literal('rich'), html: z.string(), width: pixels, height: pixels }),
  common.extend({ type: z.literal('link') }),
]);

export type OembedQuery = z.infer<typeof oembedQuery>;
export type OembedAnswer = z.infer<typeof oembedAnswer>;
