import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, onMount, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { toApiError, type ApiError } from '../api/errors.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { editMedia } from './media.queries.ts';

/** Changes an item's title and description. Escape leaves it as it was. */
export function EditForm(props: { item: MediaItem; onClose: () => void }) {
  const { t, problem } = useI18n();
  const client = useQueryClient();
  const [title, setTitle] = createSignal(props.item.title);
  const [description, setDescription] = createSignal(props.item.description);
  const [error, setError] = createSignal<ApiError | null>(null);
  const [busy, setBusy] = createSignal(false);
  let field!: HTMLInputElement;
  onMount(() => field.focus());

  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy()) return;
    setBusy(true);
    setError(null);
    try {
      await editMedia(client, props.item.id, { title: title(), description: description() });
      props.onClose();
    } catch (thrown) {
      setError(toApiError(thrown));
      setBusy(false);
    }
  };

  return (
    <form
      class="edit"
      onSubmit={save}
      on:keydown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        props.onClose();
      }}
    >
      <div class="field">
        <label for="edit-title">{t('media.title')}</label>
        <input
          ref={field}
          id="edit-title"
          maxlength="200"
          value={title()}
          placeholder={t('media.title.hint')}
          onInput={(event) => setTitle(event.currentTarget.value)}
        />
      </div>
      <div class="field">
        <label for="edit-description">{t('media.description')}</label>
        <textarea
          id="edit-description"
          maxlength="2000"
          value={description()}
          onInput={(event) => setDescription(event.currentTarget.value)}
        />
      </div>
      <Show when={error()}>
        {(failure) => (
          <p class="field-problem" role="alert">
            {problem(failure().code)}
          </p>
        )}
      </Show>
      <div class="edit-buttons">
        <button type="submit" class="button primary" disabled={busy()}>
          {t('app.save')}
        </button>
        <button type="button" class="button" onClick={() => props.onClose()}>
          {t('app.cancel')}
        </button>
      </div>
    </form>
  );
}
