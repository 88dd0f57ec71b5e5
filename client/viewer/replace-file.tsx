import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, createSignal, onCleanup, Show } from 'solid-js';
import { toApiError, type ApiError } from '../api/errors.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { replaceFile } from './replace-file.ts';
import './notices.css';

type Sending =
  | { is: 'sending'; id: string; share: number; abort: AbortController }
  | { is: 'failed'; id: string; error: ApiError; file: File };

/** A file replacement in progress; it continues during navigation. */
export function createReplacement() {
  const client = useQueryClient();
  const toasts = useToasts();
  const t = useMediaDictionary();
  const [sending, setSending] = createSignal<Sending | null>(null);

  createEffect(() => {
    if (sending()?.is !== 'sending') return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    onCleanup(() => window.removeEventListener('beforeunload', warn));
  });

  return {
    sending,
    dismiss: () => setSending(null),
    async start(id: string, file: File): Promise<void> {
      if (sending()?.is === 'sending') return;
      const abort = new AbortController();
      setSending({ is: 'sending', id, share: 0, abort });
      const onProgress = (share: number) => setSending({ is: 'sending', id, share, abort });
      try {
        await replaceFile(client, id, file, onProgress, abort.signal);
        setSending(null);
        toasts.show(t('action.replaced'));
      } catch (thrown) {
        const error = toApiError(thrown);
        setSending(error.code === 'cancelled' ? null : { is: 'failed', id, error, file });
      }
    },
  };
}

/** Progress or error of the current item's file replacement. */
export function ReplacementStatus(props: {
  id: string;
  replacement: ReturnType<typeof createReplacement>;
  onShow: (id: string) => void;
}) {
  const { t, errorText } = useI18n();
  const tMedia = useMediaDictionary();
  const now = () => {
    const sending = props.replacement.sending();
    return sending?.id === props.id ? sending : null;
  };
  const running = () => {
    const sending = now();
    return sending?.is === 'sending' ? sending : null;
  };
  const failed = () => {
    const sending = now();
    return sending?.is === 'failed' ? sending : null;
  };
  return (
    <>
      <Show when={running()}>
        {(sending) => (
          <div class="viewer-notice">
            <p id="replacing">{tMedia(sending().share < 1 ? 'action.replacing' : 'action.finishing')}</p>
            <progress max="1" value={sending().share} aria-labelledby="replacing" />
            <button type="button" class="button quiet" onClick={() => sending().abort.abort()}>
              {tMedia('action.stop')}
            </button>
          </div>
        )}
      </Show>
      <Show when={failed()}>
        {(failure) => (
          <div class="viewer-notice problem" role="alert">
            <p>{errorText(failure().error.code)}</p>
            <Show
              when={failure().error.details.id}
              fallback={
                <button
                  type="button"
                  class="button quiet"
                  onClick={() => void props.replacement.start(failure().id, failure().file)}
                >
                  {t('app.retry')}
                </button>
              }
            >
              {(other) => (
                <button
                  type="button"
                  class="button quiet"
                  onClick={() => {
                    const id = other();
                    props.replacement.dismiss();
                    props.onShow(id);
                  }}
                >
                  {tMedia('action.showOther')}
                </button>
              )}
            </Show>
            <button type="button" class="button quiet" onClick={() => props.replacement.dismiss()}>
              {tMedia('action.dismiss')}
            </button>
          </div>
        )}
      </Show>
    </>
  );
}
