import { createSignal } from 'solid-js';
import { toApiError, type AnyErrorCode, type ApiError } from '../api/errors.ts';

/** The field that an error code concerns, where the code alone tells. */
const FIELD_BY_CODE: Partial<Record<AnyErrorCode, string>> = {
  username_taken: 'username',
  username_similar: 'username',
  password_too_short: 'password',
  password_too_long: 'password',
  password_common: 'password',
  wrong_password: 'currentPassword',
};

/** The fields that an error marks together. Its text stands at the form. */
const MARKED_BY_CODE: Partial<Record<AnyErrorCode, readonly string[]>> = {
  wrong_credentials: ['username', 'password'],
};

/** Returns the form's field that an error concerns; `null` for the whole form. */
export function fieldForError<Field extends string>(error: ApiError, fields: readonly Field[]): Field | null {
  const told = Object.keys(error.details.fields ?? {});
  const named = told.find((name) => fields.some((field) => field === name)) ?? FIELD_BY_CODE[error.code];
  return fields.find((field) => field === named) ?? null;
}

/**
 * State of a form: one submission at a time, and the error with its field.
 *
 * @param fields names of the inputs
 * @param send submits the form; its rejection becomes the error
 */
export function createForm<Field extends string>(fields: readonly Field[], send: () => Promise<void>) {
  const [error, setError] = createSignal<ApiError | null>(null);
  const [busy, setBusy] = createSignal(false);
  const field = () => {
    const now = error();
    return now && fieldForError(now, fields);
  };
  const isMarked = (name: Field) => MARKED_BY_CODE[error()?.code ?? 'unknown']?.includes(name) ?? false;

  return {
    busy,
    /** Error of a field, or (`null`) of the whole form. */
    problem: (name: Field | null): ApiError | null => (field() === name ? error() : null),
    /** Whether the server rejected a field, alone or with others. */
    isInvalid: (name: Field): boolean => field() === name || isMarked(name),
    /** Submits the form. Returns the first field to focus if one is invalid. */
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
      return field() ?? fields.find(isMarked) ?? null;
    },
  };
}
