import type { ErrorCode } from '../../app/http/errors.schema.ts';
import type { ClientErrorCode } from '../api/errors.ts';

/** A message whose form depends on `{count}`, after the plural categories English and Finnish have for cardinals. */
export type Plural = { readonly one: string; readonly other: string };
export type Message = string | Plural;

/** Every code the server or the browser can fail with has words: a new code does not compile without them. */
type ErrorMessages = Record<`error.${ErrorCode | ClientErrorCode}`, string>;

/** What a complete language must hold. */
export type Messages = ErrorMessages & Record<string, Message>;

/** The names in braces: `'{count} of {total}'` → `'count' | 'total'`. */
export type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** A language with exactly the keys of another; plurals stay plurals. */
export type Translation<Source extends Messages> = {
  readonly [Key in keyof Source]: Source[Key] extends string ? string : Plural;
};
