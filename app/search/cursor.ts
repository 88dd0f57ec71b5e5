import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../http/errors.ts';
import { wireText } from '../http/text.schema.ts';
import { MAX_TIERS } from './sql/results.ts';

/** The replacement of a word without matches. */
export type Correction = readonly [from: string, to: string];

/** A place in a list: that of an item, after which a page starts. */
export interface Place {
  id: string;
  /** Tier of the item, from 1. Lists without ranking have one tier. */
  tier: number;
  /** Counts of the item in a list of the most shared. */
  counts?: ShareCounts | undefined;
  /** Place of the item in a collection in the order by hand, a decimal number. */
  place?: string | undefined;
}

/** How often pages with an item were opened, and how often it was shared. */
export type ShareCounts = readonly [opens: number, shares: number];

/** The end of a page. */
export interface Position extends Place {
  /** Corrections of the first page. Later pages must repeat the same search. */
  corrections: readonly Correction[];
}

const word = wireText(64).min(1);
const count = z.int32().min(0);
const place = z.string().regex(/^-?\d{1,18}(?:\.\d{1,12})?$/);
const cursorPayload = z.tuple([
  z.uuid(),
  z.string().length(8),
  z.number().int().min(1).max(MAX_TIERS),
  z.array(z.tuple([word, word])).max(32),
  z.union([z.tuple([count, count]), place]).optional(),
]);

/** Computes a short fingerprint of a query. It reveals a cursor of another search. */
const fingerprintOf = (query: string) => createHash('sha256').update(query).digest('base64url').slice(0, 8);

/** Encodes a position as a cursor (base64url) that is bound to the query. */
export function encodeCursor({ id, tier, corrections, counts, place }: Position, query: string): string {
  const payload = [
    id,
    fingerprintOf(query),
    tier,
    corrections,
    ...(counts ? [counts] : place === undefined ? [] : [place]),
  ];
  return Buffer.from(JSON.stringify(payload)).toString('base64url');
}

/**
 * Decodes the position at which a list continues.
 *
 * @throws AppError invalid_cursor for a forged cursor or one of another search
 */
export function decodeCursor(cursor: string, query: string): Position {
  try {
    const parsed = cursorPayload.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    const [id, fingerprint, tier, corrections, end] = parsed;
    const at = typeof end === 'string' ? { place: end } : { counts: end };
    if (fingerprint === fingerprintOf(query)) return { id, tier, corrections, ...at };
  } catch {
    // Falls through: every malformed cursor gets the same answer.
  }
  throw new AppError(
    'invalid_cursor',
    'This cursor does not belong to this list. Start again from the first page.',
  );
}
