import { createSignal } from 'solid-js';
import { toApiError, type ApiError } from '../api/errors.ts';
import type { Credentials } from './session.queries.ts';

/**
 * State of the form that signs in or creates an account: input, error and progress.
 *
 * @param submit sends the credentials; its rejection becomes `error`
 */
export function createCredentials(submit: (credentials: Credentials) => Promise<unknown>) {
  const [username, setUsername] = createSignal('');
  const [password, setPassword] = createSignal('');
  const [error, setError] = createSignal<ApiError | null>(null);
  const [busy, setBusy] = createSignal(false);

  return {
    username,
    setUsername,
    password,
    setPassword,
    error,
    busy,
    /** Whether the server rejected this field. */
    isWrong(field: 'username' | 'password'): boolean {
      const code = error()?.code;
      if (code === 'wrong_credentials') return true;
      if (code === 'username_taken' || code === 'username_similar') return field === 'username';
      return error()?.details.fields?.[field] !== undefined;
    },
    async submit(): Promise<void> {
      if (busy()) return;
      setBusy(true);
      setError(null);
      try {
        await submit({ username: username().trim(), password: password() });
        setPassword('');
      } catch (thrown) {
        setError(toApiError(thrown));
      } finally {
        setBusy(false);
      }
    },
  };
}
