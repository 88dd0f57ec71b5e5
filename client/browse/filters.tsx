import { useNavigate } from '@solidjs/router';
import { For } from 'solid-js';
import { api, unwrap } from '../api/client.ts';
import { useI18n } from '../i18n/i18n.tsx';
import { useReport } from '../ui/report.ts';
import './filters.css';
import { typeIn, withType } from './filters.model.ts';
import { folderPath, itemPath } from './paths.ts';

const TYPES = [null, 'image', 'animation', 'video'] as const;

/** What kind of pictures is shown, and one drawn by lot. Filters are words of the search, and so part of the address. */
export function Filters(props: { q: string }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const report = useReport();
  const surprise = () =>
    unwrap(api.search.surprise.$get())
      .then((item) => navigate(itemPath(item.id, props.q)))
      .catch(report);
  return (
    <nav class="filters" aria-label={t('filter.label')}>
      <For each={TYPES}>
        {(type) => (
          <a
            class="filter"
            href={folderPath(withType(props.q, type))}
            aria-current={typeIn(props.q) === type ? 'true' : undefined}
          >
            {t(`filter.${type ?? 'all'}`)}
          </a>
        )}
      </For>
      <button type="button" class="filter" onClick={() => void surprise()}>
        {t('filter.surprise')}
      </button>
    </nav>
  );
}
