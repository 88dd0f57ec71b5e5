import { createEffect, createUniqueId, on, onMount, Show } from 'solid-js';
import type { MediaItem, MediaListItem } from '../../app/media/media.schema.ts';
import { useSession } from '../auth/session-gate.tsx';
import { useUploadDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { itemFigures } from '../library/item-figures.ts';
import { itemName } from '../library/item-name.ts';
import { thumbhashPlaceholder } from '../library/thumbhash.ts';
import { Dialog } from '../ui/dialog.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import { mayReplace, type Question, type Questions } from './questions.model.ts';
import { useUploads } from './uploads.context.ts';

interface QuestionDialogProps {
  question: Question;
  questions: Questions;
  onClose: () => void;
}

/**
 * Shows an uploaded item beside the same meme that was there, one question after another. The focus
 * is on "Keep both", so that no stray key deletes.
 */
export function QuestionDialog(props: QuestionDialogProps) {
  const i18n = useI18n();
  const t = useUploadDictionary();
  const uploads = useUploads();
  const toasts = useToasts();
  const report = useErrorReport();
  const { user } = useSession();
  const id = createUniqueId();
  const hint = createUniqueId();
  let keep!: HTMLButtonElement;
  const focusKeep = () => keep.focus();
  onMount(focusKeep);
  createEffect(on(() => props.question.uploadId, focusKeep, { defer: true }));

  const answer = (uploadIds: readonly number[]) => {
    props.questions.answer(uploadIds);
    if (props.questions.open().length === 0) props.onClose();
  };
  /** Says what was done, with a button that undoes it. Asks again if it could not be done. */
  const follow = (uploadId: number, done: Promise<unknown>, text: string, undo: () => Promise<unknown>) =>
    void done.then(
      () =>
        toasts.show(text, {
          action: { label: t('question.undo'), run: () => void undo().catch(report) },
        }),
      (thrown: unknown) => {
        props.questions.reopen(uploadId);
        report(thrown);
      },
    );
  const takeBack = () => {
    const { uploadId, item } = props.question;
    const text = t('question.takenBack', { name: itemName(item, i18n) });
    answer([uploadId]);
    follow(uploadId, uploads.takeBack(uploadId), text, () => uploads.restore(uploadId));
  };
  const canReplace = () => mayReplace(user(), props.question);
  const replace = () => {
    const { uploadId, there } = props.question;
    const text = t('question.replaced', { name: itemName(there.item, i18n) });
    answer([uploadId]);
    const done = uploads.replace(uploadId, there.item);
    follow(uploadId, done, text, async () => (await done)?.());
  };

  return (
    <Dialog class="sheet question-dialog" labelledBy={id} onClose={() => props.onClose()}>
      <h2 id={id}>{t('question.title')}</h2>
      <div class="question-pair">
        <Side item={props.question.there.item} label={t('question.there')} />
        <Side item={props.question.item} label={t('question.new')} mirrored={props.question.there.mirrored} />
      </div>
      <Show when={canReplace()}>
        <p id={hint} class="faint">
          {t('question.replaceHint')}
          {/* A bucket serves its addresses itself, so they cannot lead elsewhere. */}
          <Show when={!props.question.there.item.url.startsWith('/')}> {t('question.replaceBucket')}</Show>
        </p>
      </Show>
      <div class="sheet-actions">
        <Show when={props.questions.open().length > 1}>
          <button
            type="button"
            class="button quiet"
            onClick={() => answer(props.questions.open().map(({ uploadId }) => uploadId))}
          >
            {t('question.keepAll', { count: props.questions.open().length })}
          </button>
        </Show>
        <Show when={canReplace()}>
          <button type="button" class="button" aria-describedby={hint} onClick={replace}>
            {t('question.replace')}
          </button>
        </Show>
        <button type="button" class="button" onClick={takeBack}>
          {t('question.takeBack')}
        </button>
        <button
          ref={keep}
          type="button"
          class="button primary"
          onClick={() => answer([props.question.uploadId])}
        >
          {t('question.keep')}
        </button>
      </div>
    </Dialog>
  );
}

/** One of the two items: its picture, name, format and size. */
function Side(props: { item: MediaItem | MediaListItem; label: string; mirrored?: boolean }) {
  const i18n = useI18n();
  const t = useUploadDictionary();

  return (
    <figure>
      <div
        class="question-picture"
        style={{ 'background-image': thumbhashPlaceholder(props.item.thumbHash) }}
      >
        <Show when={props.item.thumbUrl ?? props.item.posterUrl}>
          {(thumb) => <img src={thumb()} alt="" decoding="async" />}
        </Show>
      </div>
      <figcaption>
        <strong>{props.label}</strong>
        <span>{itemName(props.item, i18n)}</span>
        <span class="faint">{itemFigures(props.item, i18n)}</span>
        <Show when={props.mirrored}>
          <span class="faint">{t('question.mirrored')}</span>
        </Show>
      </figcaption>
    </figure>
  );
}
