import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../http/errors.ts';

/** Where a page ended: the id of its last item, and which list it belongs to. */
const payload = z.tuple([z.uuid(), z.string().length(8)]);

/** A short print of what was asked, so that a cursor of another search is noticed. */
const printOf = (query: string) => createHash('sha256').update(query).digest('base64url').slice(0, 8);

export function encodeCursor(lastId: string, query: string): string {
  return Buffer.from(JSON.stringify([lastId, printOf(query)])).toString('base64url');
}

/** The id to continue after. Errors: invalid_cursor for a forged one or one of another search. */
export function decodeCursor(cursor: string, query: string): string {
  try {
    const [id, print] = payload.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    if (print === printOf(query)) return id;
  } catch {
    // Falls through: any malformed cursor gets the same answer.
  }
  throw new AppError(
    'invalid_cursor',
    'This cursor does not belong to this list. Start again from the first page.',
  );
}
