import { Route, Router } from '@solidjs/router';
import type { ParentProps } from 'solid-js';
import { loadAccountPanel } from './auth/account-menu.tsx';
import { loadEntrance } from './auth/session-gate.tsx';
import { FolderPage } from './home/home-page.tsx';
import { loadSelectionBar } from './grid/grid.tsx';
import { useI18n } from './i18n/i18n.tsx';
import { ReadingProvider } from './library/processing-provider.tsx';
import { FolderFace } from './ui/logo.tsx';
import { Guard } from './ui/error-boundary.tsx';
import { HelpProvider } from './ui/help.tsx';
import { late } from './ui/lazy.tsx';
import { settled } from './ui/after-load.ts';
import { Turn } from './ui/scheduler.tsx';
import { loadUploader, UploadProvider } from './upload/upload-provider.tsx';

const loadOverlay = () => import('./viewer/viewer.tsx');

const AccountPage = late(() => import('./auth/account-page.tsx').then((m) => m.AccountPage), 'page');
const InvitesPage = late(() => import('./invites/invites-page.tsx').then((m) => m.InvitesPage), 'page');
const AdminPage = late(() => import('./admin/admin-page.tsx').then((m) => m.AdminPage), 'page');
const TagsPage = late(() => import('./tags/tags-page.tsx').then((m) => m.TagsPage), 'page');
const MediaOverlay = late(() => loadOverlay().then((m) => m.MediaOverlay), 'over');

/** Every page for people who are signed in, by its address. */
export function Pages() {
  return (
    <Router root={Frame}>
      <Route path="/" component={FolderPage}>
        <Route path="/" />
        <Route path="/m/:id" component={MediaOverlay} />
      </Route>
      <Route path="/tags" component={TagsPage} />
      <Route path="/account" component={AccountPage} />
      <Route path="/invites" component={InvitesPage} />
      <Route path="/admin" component={AdminPage} />
      <Route path="*" component={NotFound} />
    </Router>
  );
}

/** What all of them share: it outlives going from one to another. */
function Frame(props: ParentProps) {
  const i18n = useI18n();
  const loadViewer = async () => (await loadOverlay()).loadMediaWords(i18n.language());
  const loadNumbers = async () => {
    await settled(NUMBERS_MS);
    i18n.t('browse.end', { count: 1 });
  };
  void loadAhead([loadViewer, loadUploader, loadAccountPanel, loadSelectionBar, loadEntrance, loadNumbers]);

  return (
    <ReadingProvider>
      <UploadProvider>
        <Guard>
          <HelpProvider>
            <Turn>{props.children}</Turn>
          </HelpProvider>
        </Guard>
      </UploadProvider>
    </ReadingProvider>
  );
}

/** The browser's own knowledge of how languages write numbers takes longer to load than a press may: it comes last. */
const NUMBERS_MS = 5000;

/**
 * Loads one after the other, once the page stands, so that opening a picture does not wait and sending works when the
 * connection has gone meanwhile.
 */
async function loadAhead(loads: (() => Promise<unknown>)[]): Promise<void> {
  await settled();
  for (const load of loads)
    try {
      await load();
    } catch {
      // without a connection now: it is asked for again when it is needed
    }
}

function NotFound() {
  const { t } = useI18n();
  return (
    <main class="notice">
      <FolderFace mood="puzzled" />
      <h1>{t('app.notFound')}</h1>
      <a class="button primary" href="/">
        {t('app.toFolder')}
      </a>
    </main>
  );
}
