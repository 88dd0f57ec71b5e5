import { createEffect, createMemo, createSignal, For, onCleanup, onMount, Show } from 'solid-js';
import { formatBytes } from '../i18n/format-bytes.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useUploadDictionary } from '../i18n/dictionaries.tsx';
import { Icon } from '../ui/icon.tsx';
import { MetadataForm } from './metadata-form.tsx';
import { inDisplayOrder, visibleRows, summarize } from './upload-summary.ts';
import { TrayRow } from './tray-row.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { isActive } from './upload.model.ts';
import { useUploads } from './uploads.context.ts';
import './tray.css';

/** Loads after the first upload, and asks nothing while the server is away. */
const Questions = lazyComponent(() => import('./questions.tsx').then((m) => m.Questions), 'nowhere');

/** The upload list, file by file. It stays until closed and folds to one line. */
export function Tray() {
  const i18n = useI18n();
  const t = useUploadDictionary();
  const model = useUploads();
  const [open, setOpen] = createSignal(true);
  /** Target of the metadata form: one upload by id, or all. */
  const [editing, setEditing] = createSignal<number | 'all' | null>(null);
  const summary = createMemo(() => summarize(model.uploads()));

  // On a phone the round add button makes room for the list.
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
  const editedUpload = () => model.uploads().find(({ id }) => id === editing());

  return (
    <section
      class="tray"
      aria-label={t('upload.region')}
      data-open={open() ? '' : undefined}
      style={{ '--sent': summary().progress }}
    >
      <header class="tray-head">
        <div class="tray-sum">
          <p role="status">{headline()}</p>
          <Show when={summary().active > 0 && summary().files > 1}>
            <p class="tray-totals">
              {t('tray.totals', {
                done: summary().done,
                count: summary().files,
                sent: formatBytes(i18n.language(), summary().sent),
                total: formatBytes(i18n.language(), summary().total),
              })}
            </p>
          </Show>
        </div>
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
          <span class="tray-progress" />
        </Show>
      </header>
      <div class="tray-body" hidden={!open()}>
        <Show when={summary().done > 0}>
          <Questions />
        </Show>
        <Show
          when={editing() !== null}
          fallback={
            <>
              <Rows onEdit={setEditing} />
              <Show when={summary().notable > 1}>
                <button type="button" class="button quiet tray-all" onClick={() => setEditing('all')}>
                  <Icon name="edit" />
                  {t('tray.note.all')}
                </button>
              </Show>
            </>
          }
        >
          <MetadataForm upload={editedUpload()} count={summary().notable} onClose={() => setEditing(null)} />
        </Show>
      </div>
    </section>
  );
}

/** Row height in root em, the same as in tray.css. */
const ROW_REM = 3.75;

/**
 * Renders only visible rows, however many files there are. It follows the current upload until the
 * user scrolls.
 */
function Rows(props: { onEdit: (id: number) => void }) {
  const model = useUploads();
  const row = ROW_REM * Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const [sight, setSight] = createSignal({ scrolled: 0, height: 10 * row });
  const uploads = createMemo(() => inDisplayOrder(model.uploads()));
  const shown = createMemo(() => visibleRows(sight().scrolled, sight().height, row, uploads().length));
  const visible = createMemo(() => uploads().slice(shown().first, shown().last));
  let list!: HTMLUListElement;
  let follow = true;

  const measure = () => setSight({ scrolled: list.scrollTop, height: list.clientHeight });
  onMount(() => {
    const resized = new ResizeObserver(measure);
    resized.observe(list);
    onCleanup(() => resized.disconnect());
  });
  const atWork = createMemo(() => uploads().findIndex(isActive));
  createEffect(() => {
    if (follow && atWork() > 0) list.scrollTo({ top: (atWork() - 1) * row });
  });
  const stay = () => {
    follow = false;
  };

  return (
    <ul
      ref={list}
      class="tray-list"
      onScroll={measure}
      onPointerDown={stay}
      onFocusIn={stay}
      on:wheel={{ handleEvent: stay, passive: true }}
    >
      <li class="tray-space" aria-hidden="true" style={{ height: `${shown().first * row}px` }} />
      <For each={visible()}>
        {(upload, at) => (
          <TrayRow
            upload={upload}
            place={{ at: shown().first + at() + 1, of: uploads().length }}
            onEdit={() => props.onEdit(upload.id)}
          />
        )}
      </For>
      <li
        class="tray-space"
        aria-hidden="true"
        style={{ height: `${(uploads().length - shown().last) * row}px` }}
      />
    </ul>
  );
}
