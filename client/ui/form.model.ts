import { createSignal } from 'solid-js';
import { toApiError, type AnyErrorCode, type ApiError } from '../api/errors.ts';

/** Which field an error is about, where its code alone says so. */
const FIELD_BY_CODE: Partial<Record<AnyErrorCode, string>> = {
  username_taken: 'username',
  username_similar: 'username',
  password_too_short: 'password',
  password_too_long: 'password',
  password_common: 'password',
  wrong_password: 'currentPassword',
};

/** The field an error is about, among those a form has; `null` when it is about the whole. */
export function fieldForError<Field extends string>(error: ApiError, fields: readonly Field[]): Field | null {
  const told = Object.keys(error.details.fields ?? {});
  const named = told.find((name) => fields.some((field) => field === name)) ?? FIELD_BY_CODE[error.code];
  return fields.find((field) => field === named) ?? null;
}

/**
 * A form's sending: one at a time, and what went wrong, at the field it concerns.
 *
 * @param fields the names of its inputs
 * @param send its rejection becomes the problem
 */
export function createForm<Field extends string>(fields: readonly Field[], send: () => Promise<void>) {
  const [error, setError] = createSignal<ApiError | null>(null);
  const [busy, setBusy] = createSignal(false);
  const field = () => {
    const now = error();
    return now && fieldForError(now, fields);
  };

  return {
    busy,
    /** What is wrong with a field, or (`null`) with the whole. */
    problem: (name: Field | null): ApiError | null => (field() === name ? error() : null),
    /** Answers the field to go to, if one is wrong. */
    async submit(): Promise<Field | null> {
      if (busy()) return null;
      setBusy(true);
      setError(null);
      try {
        await send();
      } catch (thrown) {
        setError(toApiError(thrown));
      } finally {
        setBusy(false);
      }
      return field();
    },
  };
}
