import { z } from 'zod';

/** PostgreSQL stores neither NUL nor lone surrogates; people send both by accident. */
export const storableText = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** A text field of the wire: trimmed, made storable, at most `max` UTF-16 units. */
export const textField = (max: number) =>
  z
    .string()
    .transform((text) => storableText(text).trim())
    .pipe(z.string().max(max, `Use at most ${max} characters.`));
