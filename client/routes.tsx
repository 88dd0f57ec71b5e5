import { Route, Router, type RouteSectionProps } from '@solidjs/router';
import type { ParentProps } from 'solid-js';
import { loadAccountPanel } from './auth/account-menu.tsx';
import { loadSignInPage } from './auth/session-gate.tsx';
import { HomePage } from './home/home-page.tsx';
import { loadSelectionBar } from './grid/grid.tsx';
import { useI18n } from './i18n/i18n.tsx';
import { ProcessingProvider } from './library/processing-provider.tsx';
import { Logo } from './ui/logo.tsx';
import { SectionErrorBoundary } from './ui/error-boundary.tsx';
import { HelpProvider } from './ui/help.tsx';
import { lazyComponent } from './ui/lazy.tsx';
import { afterLoad } from './ui/after-load.ts';
import { AfterTask } from './ui/scheduler.tsx';
import { createClose } from './viewer/close.ts';
import { keepEarlyKeys } from './viewer/early-keys.ts';
import { loadUploader, UploadProvider } from './upload/upload-provider.tsx';

const importViewer = () => import('./viewer/viewer.tsx');

const AccountPage = lazyComponent(() => import('./auth/account-page.tsx').then((m) => m.AccountPage), 'page');
const InvitesPage = lazyComponent(
  () => import('./invites/invites-page.tsx').then((m) => m.InvitesPage),
  'page',
);
const AdminPage = lazyComponent(() => import('./admin/admin-page.tsx').then((m) => m.AdminPage), 'page');
const TagsPage = lazyComponent(() => import('./tags/tags-page.tsx').then((m) => m.TagsPage), 'page');
const CollectionsPage = lazyComponent(
  () => import('./collections/collections-page.tsx').then((m) => m.CollectionsPage),
  'page',
);
const DuplicatesPage = lazyComponent(
  () => import('./duplicates/duplicates-page.tsx').then((m) => m.DuplicatesPage),
  'page',
);
const SavePage = lazyComponent(() => import('./upload/save-page.tsx').then((m) => m.SavePage), 'page');
/** Loads after the page, because it shows nothing and must not delay visible content. */
const Live = lazyComponent(
  () =>
    afterLoad()
      .then(() => import('./live/live.tsx'))
      .then((m) => m.Live),
  'nowhere',
);
const LoadedViewer = lazyComponent(() => importViewer().then((m) => m.Viewer), 'over');

function Viewer(props: RouteSectionProps) {
  keepEarlyKeys(createClose(() => props.location.state));
  return <LoadedViewer {...props} />;
}

/** All routes for signed-in users. */
export function Routes() {
  return (
    <Router root={Frame}>
      <Route path="/" component={HomePage}>
        <Route path="/" />
        <Route path="/m/:id" component={Viewer} />
      </Route>
      <Route path="/tags" component={TagsPage} />
      <Route path="/collections" component={CollectionsPage} />
      <Route path="/duplicates" component={DuplicatesPage} />
      <Route path="/save" component={SavePage} />
      <Route path="/account" component={AccountPage} />
      <Route path="/invites" component={InvitesPage} />
      <Route path="/admin/:tab?" component={AdminPage} />
      <Route path="*" component={NotFound} />
    </Router>
  );
}

/** Layout shared by all routes; it survives navigation. */
function Frame(props: ParentProps) {
  const i18n = useI18n();
  const loadViewer = async () => (await importViewer()).loadTexts(i18n.language());
  const loadNumbers = async () => {
    await afterLoad(NUMBERS_MS);
    i18n.t('browse.end', { count: 1 });
  };
  void loadAhead([
    i18n.loadErrors,
    loadViewer,
    loadUploader,
    loadAccountPanel,
    loadSelectionBar,
    loadSignInPage,
    loadNumbers,
  ]);

  return (
    <ProcessingProvider>
      <UploadProvider>
        <SectionErrorBoundary>
          <HelpProvider>
            <AfterTask>{props.children}</AfterTask>
          </HelpProvider>
        </SectionErrorBoundary>
      </UploadProvider>
      <Live />
    </ProcessingProvider>
  );
}

/**
 * Delay before number formatting is loaded, in milliseconds. The browser's locale data takes longer
 * to load than a press may, so it comes last.
 */
const NUMBERS_MS = 5000;

/**
 * Preloads chunks one after the other after the page has loaded. Opening the viewer is then
 * instant, and uploads work after the connection is lost.
 */
async function loadAhead(loads: (() => Promise<unknown>)[]): Promise<void> {
  await afterLoad();
  for (const load of loads)
    try {
      await load();
    } catch {
      // offline now: loaded later on demand
    }
}

function NotFound() {
  const { t } = useI18n();
  return (
    <main class="notice">
      <Logo mood="puzzled" />
      <h1>{t('app.notFound')}</h1>
      <a class="button primary" href="/">
        {t('app.toFolder')}
      </a>
    </main>
  );
}
