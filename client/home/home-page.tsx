import type { RouteSectionProps } from '@solidjs/router';
import { createEffect, Match, Show, Switch } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { useHelp } from '../ui/help.tsx';
import { lazyComponent } from '../ui/lazy.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { afterLoad } from '../ui/after-load.ts';
import { AfterTask } from '../ui/scheduler.tsx';
import { LibraryProvider, useLibrary } from '../library/library-context.tsx';
import { describeQuery } from '../search/filter-labels.ts';
import { Filters } from '../search/filters.tsx';
import { collectionOf, takeSort } from '../library/query-filters.ts';
import { Grid } from '../grid/grid.tsx';
import { Header } from './header.tsx';
import './home-page.css';

const CorrectionNotice = lazyComponent(
  () => import('../search/filter-chips.tsx').then((m) => m.CorrectionNotice),
  'nowhere',
);
const EmptyTrash = lazyComponent(
  () => import('../trash/empty-trash.tsx').then((m) => m.EmptyTrash),
  'nowhere',
);
const EmptyState = lazyComponent(() => import('./empty-state.tsx').then((m) => m.EmptyState), 'part');

const CollectionBar = lazyComponent(
  () => import('../collections/collection-bar.tsx').then((m) => m.CollectionBar),
  'nowhere',
);

/** Loads after the page, and only for the whole folder. */
const OnThisDay = lazyComponent(
  () =>
    afterLoad()
      .then(() => import('./on-this-day.tsx'))
      .then((m) => m.OnThisDay),
  'nowhere',
);

/** Loads after the page, because it shows nothing at first. */
const LiveFolder = lazyComponent(
  () =>
    afterLoad()
      .then(() => import('../live/live-folder.tsx'))
      .then((m) => m.LiveFolder),
  'nowhere',
);

/** The home page: header, grid, and the viewer above them (the child route). */
export function HomePage(props: RouteSectionProps) {
  return (
    <LibraryProvider>
      <AfterTask>
        <Folder />
      </AfterTask>
      {props.children}
    </LibraryProvider>
  );
}

function Folder() {
  const { t } = useI18n();
  const library = useLibrary();
  const help = useHelp();
  /** The query without its order, which changes no result. */
  const q = () => takeSort(library.q()).rest;
  const described = () => describeQuery(q(), t);
  const title = () => {
    if (library.trash()) return t('filter.trash');
    return q() ? t('browse.results', { query: described() }) : t('browse.heading');
  };
  createEffect(() => {
    document.title = q() ? `${described()} · meemikansio` : 'meemikansio';
  });

  /** Whether the list waits for the network: what is loaded belongs to another search. */
  const waits = () => {
    const { fetchStatus, isPending, isPlaceholderData } = library.list();
    return fetchStatus === 'paused' && (isPending || isPlaceholderData);
  };
  /** Number of search results, as visible text and for screen readers. */
  const found = () => {
    if (waits()) return '';
    if (library.trash()) return library.items().length > 0 ? t('filter.trashNote') : '';
    if (!q() || library.list().isFetching) return '';
    const shown = library.items().length;
    if (shown === 0) return t('search.none', { query: described() });
    const total = library.total();
    if (total && total.value > shown)
      return t(total.exact ? 'search.found' : 'search.foundAbout', { count: total.value });
    return t(library.list().hasNextPage ? 'search.foundMore' : 'search.found', { count: shown });
  };

  return (
    <>
      <a class="skip button primary" href="#pictures">
        {t('app.skip')}
      </a>
      <Header
        q={library.q()}
        busy={library.list().isFetching && !library.list().isFetchingNextPage}
        onHelp={help}
      />
      <AfterTask>
        <Filters q={library.q()} />
        <AfterTask>
          <main id="pictures" class="home" tabindex="-1">
            <h1 class="unseen">{title()}</h1>
            <p class="home-found" classList={{ unseen: library.items().length === 0 }} role="status">
              {found()}
              <Show when={library.corrected()}>
                {(corrected) => <CorrectionNotice q={library.q()} corrected={corrected()} />}
              </Show>
            </p>
            <Show when={library.trash() && library.items().length > 0}>
              <EmptyTrash />
            </Show>
            <Show when={collectionOf(q())}>{(name) => <CollectionBar name={name()} />}</Show>
            <Show when={library.q() === '' && library.items().length > 0}>
              <OnThisDay />
            </Show>
            <LiveFolder />
            <Switch fallback={<Grid />}>
              <Match when={waits()}>
                <EmptyState q={library.q()} offline />
              </Match>
              <Match when={library.list().isPending}>
                <div class="home-waiting" aria-hidden="true" />
              </Match>
              <Match when={library.list().isLoadingError}>
                <ErrorNotice
                  title={t('browse.failed')}
                  error={library.list().error}
                  action={t('app.retry')}
                  onAction={() => void library.list().refetch()}
                />
              </Match>
              <Match when={library.items().length === 0}>
                <EmptyState q={q()} />
              </Match>
            </Switch>
          </main>
        </AfterTask>
      </AfterTask>
    </>
  );
}
