import { useNavigate } from '@solidjs/router';
import { Match, Show, Switch } from 'solid-js';
import { BrowseDictionary, useBrowseDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { ApiError } from '../api/errors.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Logo } from '../ui/logo.tsx';
import { useQuery } from '../api/query-observer.ts';
import { namedCollectionQuery } from '../collections/collections.queries.ts';
import { collectionOf, hasFilter, splitQuery, TRASH } from '../library/query-filters.ts';
import { libraryPath } from '../library/paths.ts';
import { FirstSteps } from './first-steps.tsx';

/**
 * Message for an empty list, by its query, with a link onwards.
 *
 * @param props.offline whether the list cannot be loaded for want of a connection
 */
export function EmptyState(props: { q: string; offline?: boolean }) {
  const { t } = useI18n();
  const navigate = useNavigate();
  return (
    <Show
      when={props.offline !== true}
      fallback={
        <ErrorNotice
          title={t('browse.failed')}
          error={new ApiError('offline')}
          action={t('app.toFolder')}
          onAction={() => navigate('/')}
        />
      }
    >
      <BrowseDictionary>
        <Notice q={props.q} />
      </BrowseDictionary>
    </Show>
  );
}

function Notice(props: { q: string }) {
  const t = useBrowseDictionary();
  const words = () => splitQuery(props.q).words;
  /** The name of the only filter, if it is that of a collection. */
  const named = () => (splitQuery(props.q).filters.length === 1 ? collectionOf(props.q) : null);
  const collection = useQuery(() => ({
    ...namedCollectionQuery(named() ?? ''),
    enabled: named() !== null,
  }));
  const kind = () => {
    if (props.q === '') return 'folder';
    if (hasFilter(props.q, TRASH)) return 'trash';
    if (props.q === 'is:favourite') return 'favourites';
    if (named() !== null && collection.data) return 'collection';
    if (words() === '') return 'filtered';
    return words() === props.q ? 'words' : 'both';
  };
  const asleep = () => /^(?:folder|trash|favourites|collection)$/.test(kind());
  return (
    <div class="notice">
      <Logo mood={asleep() ? 'asleep' : 'puzzled'} />
      <h2>{t(`empty.${kind()}`, { query: words() })}</h2>
      <Switch>
        <Match when={kind() === 'folder'}>
          <FirstSteps />
        </Match>
        <Match when={kind() !== 'folder'}>
          <p>{t(`empty.${kind()}.hint`)}</p>
          <Show when={kind() === 'both'}>
            <a class="button quiet" href={libraryPath(words())}>
              {t('empty.withoutFilters', { query: words() })}
            </a>
          </Show>
          <a class="button primary" href="/">
            {t('empty.showAll')}
          </a>
        </Match>
      </Switch>
    </div>
  );
}
