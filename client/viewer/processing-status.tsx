import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, For, Show } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { useMediaDictionary } from '../i18n/dictionaries.tsx';
import { failureKey } from '../i18n/failure.model.ts';
import { Icon } from '../ui/icon.tsx';
import { useErrorReport } from '../ui/report-error.ts';
import { reprocessItem } from '../library/item.queries.ts';
import './notices.css';

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

/** Error of a stage, in the user's language, with a retry button. */
export function Retry(props: { item: MediaItem; reason: MediaItem['failure'] }) {
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
      <Show when={props.reason}>{(code) => <p class="faint">{t(failureKey(code()))}</p>}</Show>
      <button type="button" class="button quiet" disabled={busy()} onClick={() => void retry()}>
        <Icon name="retry" />
        {t('make.retry')}
      </button>
    </div>
  );
}
