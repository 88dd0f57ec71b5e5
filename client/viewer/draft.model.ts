import { createSignal } from 'solid-js';
import { toApiError, type ApiError } from '../api/errors.ts';

/** Stores unsaved text while its field is not on screen. */
export interface DraftStore {
  get(): string | undefined;
  set(value: string | undefined): void;
}

/**
 * An edit in progress. The typed text survives errors, an ended session, navigation and closing the
 * viewer. Only saving or cancelling ends it.
 *
 * @param saved the text currently on the server
 * @param save stores the text; its rejection becomes the error
 */
export function createDraft(store: DraftStore, saved: () => string, save: (value: string) => Promise<void>) {
  const kept = store.get();
  const [editing, setEditing] = createSignal(kept !== undefined);
  const [value, setValue] = createSignal(kept ?? '');
  const [error, setError] = createSignal<ApiError | null>(null);
  const [busy, setBusy] = createSignal(false);
  const [before, setBefore] = createSignal(saved());
  /** The value at the beginning: the saved text, or a proposal for one. */
  let start = saved();

  const end = () => {
    store.set(undefined);
    setError(null);
    setEditing(false);
  };

  async function submit(): Promise<void> {
    if (busy()) return;
    // A proposal that nobody has touched is no change.
    if (value().trim() === saved() || (before() === '' && value() === start)) return end();
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
    dirty: () => editing() && value() !== start,
    /** The server's new value if it has changed since the edit began; otherwise null. */
    changed: () => (editing() && !busy() && saved() !== before() ? saved() : null),
    /** Begins with the saved text, or with a proposal if there is none. */
    begin: (proposal = ''): void => {
      setBefore(saved());
      start = saved() || proposal;
      setValue(start);
      setEditing(true);
    },
    type(next: string): void {
      setValue(next);
      store.set(next);
    },
    submit,
    giveUp: end,
    /** Retries a save that failed because the user was signed out. */
    async resume(): Promise<void> {
      if (error()?.code === 'not_signed_in') await submit();
    },
  };
}
