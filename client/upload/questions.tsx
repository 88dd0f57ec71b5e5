import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createMemo, createSignal, For, onCleanup, Show } from 'solid-js';
import { useQuery } from '../api/query-observer.ts';
import { useUploadDictionary } from '../i18n/dictionaries.tsx';
import { itemQuery } from '../library/item.queries.ts';
import { QuestionDialog } from './question-dialog.tsx';
import { sameMemeQuery } from './question.queries.ts';
import { createQuestions, type Questions as Model } from './questions.model.ts';
import { useUploads } from './uploads.context.ts';
import './questions.css';

/**
 * Asks about uploaded items that are the same meme as one that was there. There is one line for all
 * of them, and a dialog. It blocks nothing. Without an answer, both are kept.
 */
export function Questions() {
  const t = useUploadDictionary();
  const uploads = useUploads();
  const questions = createQuestions();
  const [asking, setAsking] = createSignal(false);
  const count = () => questions.open().length;
  const stored = createMemo(
    () =>
      uploads.uploads().flatMap(({ id, status }) => {
        const now = status();
        return now.is === 'done' ? [{ id, itemId: now.item.id }] : [];
      }),
    [],
    { equals: (one, other) => one.length === other.length && one.every(({ id }, i) => id === other[i]?.id) },
  );
  const ids = createMemo(() => stored().map(({ id }) => id));
  const itemIds = createMemo(() => new Map(stored().map(({ id, itemId }) => [id, itemId])));

  return (
    <>
      <For each={ids()}>
        {(id) => <Watch uploadId={id} itemId={itemIds().get(id) ?? ''} questions={questions} />}
      </For>
      <div class="tray-questions" aria-live="polite">
        <Show when={count() > 0}>
          <p>{t('question.summary', { count: count() })}</p>
          <button type="button" class="button" onClick={() => setAsking(true)}>
            {t('question.compare')}
          </button>
        </Show>
      </div>
      <Show when={asking() && questions.open()[0]}>
        {(question) => (
          <QuestionDialog question={question()} questions={questions} onClose={() => setAsking(false)} />
        )}
      </Show>
    </>
  );
}

/**
 * Follows a stored upload until its words are read, by live events or, without them, by polling.
 * Then it asks the server for the same meme.
 */
function Watch(props: { uploadId: number; itemId: string; questions: Model }) {
  const client = useQueryClient();
  const { uploadId, itemId, questions } = props;
  const item = useQuery(() => itemQuery(client, itemId));
  const meme = useQuery(() => sameMemeQuery(item.data));
  createEffect(() => {
    const [stored, there] = [item.data, meme.data];
    questions.report(uploadId, stored && there ? { item: stored, there } : null);
  });
  onCleanup(() => questions.report(uploadId, null));
  return null;
}
