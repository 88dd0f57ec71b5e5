import type { ErrorCode } from '../../app/http/errors.schema.ts';
import type { ClientErrorCode } from '../api/errors.ts';

/** A message with a plural form, by the plural categories of English and Finnish for cardinals. */
export type Plural = { readonly one: string; readonly other: string };
export type Message = string | Plural;

/**
 * Requires a message for every error code of the server and the client. A new code does not compile
 * without one.
 */
type ErrorMessages = Record<`error.${ErrorCode | ClientErrorCode}`, string>;

/** The shape of a complete language. */
export type Messages = ErrorMessages & Record<string, Message>;

/** Names of the placeholders: `'{count} of {total}'` → `'count' | 'total'`. */
export type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** A language with exactly the keys of another; plurals stay plurals. */
export type Translation<Source extends Messages> = {
  readonly [Key in keyof Source]: Source[Key] extends string ? string : Plural;
};
