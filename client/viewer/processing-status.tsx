import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { failureCode } from '../../app/media/stages/failures.schema.ts';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { Icon } from '../ui/icon.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { reprocessItem } from '../library/item.queries.ts';

/** Pending and failed stages of an item. The text stage is shown in the text section instead. */
export function ProcessingStatus(props: { item: MediaItem }) {
  const t = useMediaDictionary();
  const open = () =>
    props.item.stages.flatMap(({ stage, state, failure }) =>
      stage === 'text' ? [] : [{ stage, state, failure }],
    );
  return (
    <div class="processing-status" role="status">
      <For each={open()}>
        {({ stage, state, failure }) => (
          <div data-state={state}>
            <Show
              when={state === 'failed'}
              fallback={
                <p class="busy">
                  <Icon name="retry" />
                  {t(`make.${stage}`)}
                </p>
              }
            >
              <p>
                <Icon name="warning" />
                {t(`make.${stage}Failed`)}
              </p>
              <Retry item={props.item} reason={failure} />
            </Show>
          </div>
        )}
      </For>
    </div>
  );
}

/**
 * Error of a stage with a retry button. A reason without a translation is the server's own
 * sentence, in English.
 */
export function Retry(props: { item: MediaItem; reason: string | null }) {
  const client = useQueryClient();
  const report = useErrorReport();
  const t = useMediaDictionary();
  const [busy, setBusy] = createSignal(false);
  const retry = async () => {
    setBusy(true);
    await reprocessItem(client, props.item.id, false).catch(report);
    setBusy(false);
  };
  return (
    <div class="retry">
      <Show when={props.reason}>
        {(reason) => (
          <Show
            when={failureCode(reason())}
            fallback={
              <p class="faint" lang="en">
                {reason()}
              </p>
            }
          >
            {(code) => <p class="faint">{t(`why.${code()}`)}</p>}
          </Show>
        )}
      </Show>
      <button type="button" class="button quiet" disabled={busy()} onClick={() => void retry()}>
        <Icon name="retry" />
        {t('make.retry')}
      </button>
    </div>
  );
}
