import { createEffect, createMemo, createSignal, For, onCleanup, Show } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';
import { TrayRow } from './tray-row.tsx';
import { summarize } from './upload.model.ts';
import { useUploads } from './uploads.context.ts';
import './tray.css';

/** What is on its way into the folder, file by file; stays until closed, folds to one line. */
export function Tray() {
  const { t } = useI18n();
  const model = useUploads();
  const [open, setOpen] = createSignal(true);
  const summary = createMemo(() => summarize(model.uploads()));

  // On a phone the round button makes room for the list.
  const { dataset } = document.documentElement;
  createEffect(() => {
    dataset['tray'] = open() ? 'open' : 'folded';
  });
  onCleanup(() => delete dataset['tray']);

  const headline = () => {
    const { active, waiting, failed, done } = summary();
    if (active > 0 && active === waiting) return t('upload.waiting');
    if (active > 0) return t('upload.busy', { count: active });
    if (failed > 0) return t('upload.someFailed', { count: failed });
    return t('upload.allDone', { count: done });
  };

  return (
    <section class="tray" aria-label={t('upload.region')} data-open={open() ? '' : undefined}>
      <header class="tray-head">
        <p role="status">{headline()}</p>
        <Show when={summary().retryable > 1 && summary().active === 0}>
          <button type="button" class="button" onClick={() => model.retryAll()}>
            {t('upload.retryAll')}
          </button>
        </Show>
        <Show when={summary().active > 1}>
          <button type="button" class="button" onClick={() => model.cancelAll()}>
            {t('upload.cancelAll')}
          </button>
        </Show>
        <button
          type="button"
          class="button icon-only tray-fold"
          aria-expanded={open()}
          aria-label={t(open() ? 'upload.collapse' : 'upload.expand')}
          onClick={() => setOpen((now) => !now)}
        >
          <Icon name="down" />
        </button>
        <Show when={summary().active === 0}>
          <button
            type="button"
            class="button icon-only"
            aria-label={t('upload.dismiss')}
            onClick={() => model.clear()}
          >
            <Icon name="close" />
          </button>
        </Show>
        <Show when={summary().active > 0}>
          <span class="tray-progress" style={{ transform: `scaleX(${summary().progress})` }} />
        </Show>
      </header>
      <ul class="tray-list" hidden={!open()}>
        <For each={model.uploads()}>{(upload) => <TrayRow upload={upload} />}</For>
      </ul>
    </section>
  );
}
