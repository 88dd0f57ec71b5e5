import { useNavigate } from '@solidjs/router';
import { useQueryClient } from '@tanstack/solid-query';
import { createEffect, For, Show } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';
import { afterLoad } from '../ui/after-load.ts';
import { lazyComponent } from '../ui/lazy.tsx';
import { createLazyImport } from '../ui/lazy-import.ts';
import { useErrorReport } from '../ui/report-error.ts';
import { useToasts } from '../ui/toasts.tsx';
import './filters.css';
import {
  hasFilter,
  splitQuery,
  TRASH,
  typeFilter,
  withTypeFilter,
  withFilter,
} from '../library/query-filters.ts';
import { libraryPath, itemPath } from '../library/paths.ts';

/** Loads after the first screen, at the end of the row, where it moves nothing. */
const ListBar = lazyComponent(
  () =>
    afterLoad(0)
      .then(() => import('./list-bar.tsx'))
      .then((m) => m.ListBar),
  'nowhere',
);

const TYPES = [null, 'image', 'animation', 'video'] as const;
const WORDS = [
  ['is:mine', 'filter.mine'],
  ['is:favourite', 'filter.favourite'],
  ['is:untagged', 'filter.untagged'],
] as const;

/**
 * Filter row: media types, other filters, a random item, and the view of the list. Filters are part
 * of the query, so they are part of the URL.
 */
export function Filters(props: { q: string }) {
  const { t, language } = useI18n();
  const client = useQueryClient();
  const toasts = useToasts();
  const navigate = useNavigate();
  const report = useErrorReport();
  const surprise = async () => {
    const { drawUnseen } = await import('./surprise.ts');
    const id = await drawUnseen({
      q: outside(),
      client,
      language: language(),
      show: (text) => toasts.show(text),
    });
    if (id !== null) navigate(itemPath(id, outside()));
  };
  const { module: chips, load } = createLazyImport(() => import('./filter-chips.tsx'));
  const filtered = () => splitQuery(props.q).filters.length > 0;
  createEffect(() => {
    if (filtered()) load();
  });
  const trash = () => hasFilter(props.q, TRASH);
  /** The query without the trash filter. */
  const outside = () => withFilter(props.q, TRASH, false);
  const current = (yes: boolean) => (yes ? 'true' : undefined);
  return (
    <nav class="filters" aria-label={t('filter.label')}>
      <Show when={filtered() && chips()} keyed>
        {({ FilterChips }) => <FilterChips q={props.q} />}
      </Show>
      <div class="filter-types">
        <For each={TYPES}>
          {(type) => {
            const active = () =>
              type === null ? !trash() && !/(?:^|\s)type:/.test(props.q) : typeFilter(props.q) === type;
            return (
              <a
                class="filter"
                href={libraryPath(withTypeFilter(outside(), active() ? null : type))}
                aria-current={current(active())}
              >
                {t(`filter.${type ?? 'all'}`)}
              </a>
            );
          }}
        </For>
      </div>
      <For each={WORDS}>
        {([word, label]) => (
          <a
            class="filter"
            href={libraryPath(withFilter(outside(), word, !hasFilter(props.q, word)))}
            aria-current={current(hasFilter(props.q, word))}
          >
            {t(label)}
          </a>
        )}
      </For>
      <a class="filter" href="/tags">
        <Icon name="tag" />
        {t('filter.tags')}
      </a>
      <a class="filter" href="/collections">
        <Icon name="collection" />
        {t('filter.collections')}
      </a>
      <button type="button" class="filter" onClick={() => void surprise().catch(report)}>
        {t('filter.surprise')}
      </button>
      <ListBar />
    </nav>
  );
}
