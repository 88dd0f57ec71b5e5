import type { ErrorCode } from '../../app/http/errors.schema.ts';
import type { ClientErrorCode } from '../api/errors.ts';

/**
 * A message with plural forms: one text per plural category (CLDR) that the language has for
 * cardinals. `other` stands in for a missing one.
 */
export type Plural = { readonly [Category in Intl.LDMLPluralRule]?: string } & { readonly other: string };
export type Message = string | Plural;

/** Codes whose messages are in the first load: they may show while nothing else can be loaded. */
export type EssentialErrorCode = 'not_signed_in' | 'internal' | 'unavailable' | 'offline' | 'unknown';

/**
 * A message for every other error code of the server and the client. A new code does not compile
 * without one.
 */
export type ErrorMessages = Record<
  `error.${Exclude<ErrorCode | ClientErrorCode, EssentialErrorCode>}`,
  string
>;

/** Names of the placeholders: `'{count} of {total}'` → `'count' | 'total'`. */
export type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** Texts with exactly the keys of another language; plurals stay plurals. */
export type Translation<Source extends Record<string, Message>> = {
  readonly [Key in keyof Source]: Source[Key] extends string ? string : Plural;
};
