import type { RouteSectionProps } from '@solidjs/router';
import { createEffect, Match, Show, Switch } from 'solid-js';
import { useI18n } from '../i18n/i18n.tsx';
import { Problem } from '../ui/problem.tsx';
import { EmptyFolder, NothingFound } from './empty.tsx';
import { FolderProvider, useFolder } from './folder.tsx';
import { createFreshening } from './freshening.ts';
import { Filters } from './filters.tsx';
import { Grid } from './grid.tsx';
import { Header } from './header.tsx';
import './folder-page.css';

/** The folder: the bar, the pictures, and whatever of them is opened over it (its child route). */
export function FolderPage(props: RouteSectionProps) {
  createFreshening();
  return (
    <FolderProvider>
      <Folder />
      {props.children}
    </FolderProvider>
  );
}

function Folder() {
  const { t } = useI18n();
  const folder = useFolder();
  const title = () => (folder.q() ? t('browse.results', { query: `“${folder.q()}”` }) : t('browse.heading'));
  createEffect(() => {
    document.title = folder.q() ? `${folder.q()} · meemikansio` : 'meemikansio';
  });

  /** Said to screen readers when a search is answered. */
  const found = () => {
    if (!folder.q() || folder.query.isFetching) return '';
    const count = folder.items().length;
    const total = folder.total();
    if (total && total.value > count)
      return t(total.exact ? 'search.found' : 'search.foundAbout', { count: total.value });
    if (count === 0) return t('search.none', { query: folder.q() });
    return t(folder.query.hasNextPage ? 'search.foundMore' : 'search.found', { count });
  };

  return (
    <>
      <a class="skip button primary" href="#pictures">
        {t('app.skip')}
      </a>
      <Header q={folder.q()} busy={folder.query.isFetching && !folder.query.isFetchingNextPage} />
      <Filters q={folder.q()} />
      <main id="pictures" class="folder" tabindex="-1">
        <h1 class="unseen">{title()}</h1>
        <p class="folder-found" role="status">
          {found()}
          <Show when={folder.corrected()}>
            {(corrected) => <strong> {t('search.corrected', { query: corrected().query })}</strong>}
          </Show>
        </p>
        <Switch fallback={<Grid />}>
          <Match when={folder.query.isPending}>
            <div class="folder-waiting" aria-hidden="true" />
          </Match>
          <Match when={folder.query.isLoadingError}>
            <Problem
              title={t('browse.failed')}
              error={folder.query.error}
              action={t('app.retry')}
              onAction={() => void folder.query.refetch()}
            />
          </Match>
          <Match when={folder.items().length === 0}>
            <Show when={folder.q()} fallback={<EmptyFolder />}>
              <NothingFound q={folder.q()} />
            </Show>
          </Match>
        </Switch>
      </main>
    </>
  );
}
