import { z } from 'zod';

/**
 * Removes NUL and lone surrogates, which PostgreSQL does not store. Use it for text of another
 * instance, which is not validated.
 */
export const storableText = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** Tells whether PostgreSQL stores the text unchanged. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const NOT_STORABLE = 'Use no NUL characters and no halves of a surrogate pair.';

/**
 * Any text of a request: query, path, JSON, form or cursor. Refuses NUL and lone surrogates, which
 * PostgreSQL does not store. Every client-sent string of a wire schema builds on this, unless its
 * pattern refuses them.
 */
export const storableString = z.string().refine(isStorable, NOT_STORABLE);

/** {@link storableString} of at most `max` UTF-16 units. */
export const wireText = (max: number) => storableString.max(max, `Use at most ${max} characters.`);

/** A text field of the wire: trimmed, then at most `max` UTF-16 units. */
export const textField = (max: number) =>
  storableString.transform((text) => text.trim()).pipe(z.string().max(max, `Use at most ${max} characters.`));
