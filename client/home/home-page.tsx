import type { RouteSectionProps } from '@solidjs/router';
import { createEffect, Match, Show, Switch } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { useHelp } from '../ui/help.tsx';
import { late } from '../ui/lazy.tsx';
import { Problem } from '../ui/error-notice.tsx';
import { Turn } from '../ui/scheduler.tsx';
import { FolderProvider, useFolder } from '../library/library-context.tsx';
import { Filters } from '../search/filters.tsx';
import { createFreshening } from '../library/revalidate.ts';
import { Grid } from '../grid/grid.tsx';
import { Header } from './header.tsx';
import './home-page.css';

const Corrected = late(() => import('../search/filter-chips.tsx').then((m) => m.Corrected), 'nowhere');
const Empty = late(() => import('./empty-state.tsx').then((m) => m.Empty), 'part');

/** The folder: the bar, the pictures, and whatever of them is opened over it (its child route). */
export function FolderPage(props: RouteSectionProps) {
  createFreshening();
  return (
    <FolderProvider>
      <Turn>
        <Folder />
      </Turn>
      {props.children}
    </FolderProvider>
  );
}

function Folder() {
  const { t } = useI18n();
  const folder = useFolder();
  const help = useHelp();
  const title = () => (folder.q() ? t('browse.results', { query: `“${folder.q()}”` }) : t('browse.heading'));
  createEffect(() => {
    document.title = folder.q() ? `${folder.q()} · meemikansio` : 'meemikansio';
  });

  /** What a search came to, for everyone to see and for screen readers to say. */
  const found = () => {
    if (folder.trash()) return folder.items().length > 0 ? t('filter.trashNote') : '';
    if (!folder.q() || folder.list().isFetching) return '';
    const shown = folder.items().length;
    if (shown === 0) return t('search.none', { query: folder.q() });
    const total = folder.total();
    if (total && total.value > shown)
      return t(total.exact ? 'search.found' : 'search.foundAbout', { count: total.value });
    return t(folder.list().hasNextPage ? 'search.foundMore' : 'search.found', { count: shown });
  };

  return (
    <>
      <a class="skip button primary" href="#pictures">
        {t('app.skip')}
      </a>
      <Header
        q={folder.q()}
        busy={folder.list().isFetching && !folder.list().isFetchingNextPage}
        onHelp={help}
      />
      <Turn>
        <Filters q={folder.q()} />
        <Turn>
          <main id="pictures" class="folder" tabindex="-1">
            <h1 class="unseen">{title()}</h1>
            <p class="folder-found" classList={{ unseen: folder.items().length === 0 }} role="status">
              {found()}
              <Show when={folder.corrected()}>
                {(corrected) => <Corrected q={folder.q()} corrected={corrected()} />}
              </Show>
            </p>
            <Switch fallback={<Grid />}>
              <Match when={folder.list().isPending}>
                <div class="folder-waiting" aria-hidden="true" />
              </Match>
              <Match when={folder.list().isLoadingError}>
                <Problem
                  title={t('browse.failed')}
                  error={folder.list().error}
                  action={t('app.retry')}
                  onAction={() => void folder.list().refetch()}
                />
              </Match>
              <Match when={folder.items().length === 0}>
                <Empty q={folder.q()} />
              </Match>
            </Switch>
          </main>
        </Turn>
      </Turn>
    </>
  );
}
