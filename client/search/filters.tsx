import { useNavigate } from '@solidjs/router';
import { createEffect, For, Show } from 'solid-js';
import { api, unwrap } from '../api/client.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { Icon } from '../ui/icon.tsx';
import { createOptional } from '../ui/lazy-import.ts';
import { useReport } from '../ui/report-error.ts';
import './filters.css';
import { hasWord, TRASH, typeIn, withType, withWord } from '../library/query-filters.ts';
import { folderPath, itemPath } from '../library/paths.ts';

const TYPES = [null, 'image', 'animation', 'video'] as const;
const WORDS = [
  ['is:mine', 'filter.mine'],
  ['is:untagged', 'filter.untagged'],
] as const;

/**
 * What the list is narrowed to, and what it can be narrowed to; and one picture drawn by lot. Filters are words of the search,
 * and so part of the address.
 */
export function Filters(props: { q: string }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const report = useReport();
  const surprise = () =>
    unwrap(api.search.surprise.$get())
      .then((item) => navigate(itemPath(item.id, outside())))
      .catch(report);
  const { part: asked, want } = createOptional(() => import('./filter-chips.tsx'));
  createEffect(() => {
    if (props.q.includes(':')) want();
  });
  const trash = () => hasWord(props.q, TRASH);
  /** The search as it is outside the trash. */
  const outside = () => withWord(props.q, TRASH, false);
  const current = (yes: boolean) => (yes ? 'true' : undefined);
  return (
    <nav class="filters" aria-label={t('filter.label')}>
      <Show when={props.q.includes(':') && asked()} keyed>
        {({ Chips }) => <Chips q={props.q} />}
      </Show>
      <For each={TYPES}>
        {(type) => (
          <a
            class="filter"
            href={folderPath(withType(outside(), type))}
            aria-current={current(!trash() && typeIn(props.q) === type)}
          >
            {t(`filter.${type ?? 'all'}`)}
          </a>
        )}
      </For>
      <a class="filter" href="/tags">
        <Icon name="tag" />
        {t('filter.tags')}
      </a>
      <button type="button" class="filter" onClick={() => void surprise()}>
        {t('filter.surprise')}
      </button>
      <For each={WORDS}>
        {([word, label]) => (
          <a
            class="filter"
            href={folderPath(withWord(outside(), word, !hasWord(props.q, word)))}
            aria-current={current(hasWord(props.q, word))}
          >
            {t(label)}
          </a>
        )}
      </For>
      <a class="filter" href={folderPath(trash() ? outside() : TRASH)} aria-current={current(trash())}>
        <Icon name="trash" />
        {t('filter.trash')}
      </a>
    </nav>
  );
}
