import { createSignal } from 'solid-js';
import { toApiError, type ApiError } from '../api/errors.ts';

/** Where what is typed and not yet saved is kept while its field is not on screen. */
export interface DraftStore {
  get(): string | undefined;
  set(value: string | undefined): void;
}

/**
 * A text being changed. What is typed outlives its field: an error, a session that ends, another picture, a closed
 * overlay; only saving or giving up ends it.
 *
 * @param saved the text as it is on the server now
 * @param save its rejection becomes the problem
 */
export function createDraft(store: DraftStore, saved: () => string, save: (value: string) => Promise<void>) {
  const kept = store.get();
  const [editing, setEditing] = createSignal(kept !== undefined);
  const [value, setValue] = createSignal(kept ?? '');
  const [error, setError] = createSignal<ApiError | null>(null);
  const [busy, setBusy] = createSignal(false);
  const [before, setBefore] = createSignal(saved());

  const end = () => {
    store.set(undefined);
    setError(null);
    setEditing(false);
  };

  async function submit(): Promise<void> {
    if (busy()) return;
    if (value().trim() === saved()) return end();
    setBusy(true);
    setError(null);
    try {
      await save(value());
      end();
    } catch (thrown) {
      setError(toApiError(thrown));
    } finally {
      setBusy(false);
    }
  }

  return {
    editing,
    value,
    busy,
    error,
    dirty: () => editing() && value() !== before(),
    /** What somebody else made of it since it was begun; null when nobody did. */
    changed: () => (editing() && !busy() && saved() !== before() ? saved() : null),
    begin: (): void => {
      setBefore(saved());
      setValue(saved());
      setEditing(true);
    },
    type(next: string): void {
      setValue(next);
      store.set(next);
    },
    submit,
    giveUp: end,
    /** Goes on with what could not be saved because nobody was signed in. */
    async resume(): Promise<void> {
      if (error()?.code === 'not_signed_in') await submit();
    },
  };
}
