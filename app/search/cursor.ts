import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../http/errors.ts';
import { wireText } from '../http/text.schema.ts';

/** A word that was searched for another one that matched nothing. */
export type Correction = readonly [from: string, to: string];

/** Where a page ended. */
export interface Position {
  /** The id of its last item. */
  id: string;
  /** The tier of that item, from 1; lists without a ranking have only one. */
  tier: number;
  /** The corrections the first page was found with: the next pages must be of the same search. */
  corrections: readonly Correction[];
}

const word = wireText(64).min(1);
const cursorPayload = z.tuple([
  z.uuid(),
  z.string().length(8),
  z.number().int().min(1).max(6),
  z.array(z.tuple([word, word])).max(32),
]);

/** A short fingerprint of what was asked, so that a cursor of another search is noticed. */
const fingerprintOf = (query: string) => createHash('sha256').update(query).digest('base64url').slice(0, 8);

export function encodeCursor({ id, tier, corrections }: Position, query: string): string {
  return Buffer.from(JSON.stringify([id, fingerprintOf(query), tier, corrections])).toString('base64url');
}

/** Where to continue. Errors: invalid_cursor for a forged one or one of another search. */
export function decodeCursor(cursor: string, query: string): Position {
  try {
    const parsed = cursorPayload.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    const [id, fingerprint, tier, corrections] = parsed;
    if (fingerprint === fingerprintOf(query)) return { id, tier, corrections };
  } catch {
    // Falls through: any malformed cursor gets the same answer.
  }
  throw new AppError(
    'invalid_cursor',
    'This cursor does not belong to this list. Start again from the first page.',
  );
}
