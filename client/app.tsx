import { Route, Router } from '@solidjs/router';
import { QueryClientProvider, type QueryClient } from '@tanstack/solid-query';
import { ErrorBoundary, lazy, Show, type ParentProps } from 'solid-js';
import { SessionGate } from './accounts/session-gate.tsx';
import { visitorAddress } from './accounts/visitor-address.ts';
import { FolderPage } from './browse/folder-page.tsx';
import { I18nProvider, useI18n, type I18n } from './i18n/i18n.tsx';
import { ReadingProvider } from './media/reading.tsx';
import { Connection } from './ui/connection.tsx';
import { FolderFace } from './ui/folder-face.tsx';
import { ToastProvider } from './ui/toasts.tsx';
import { UploadProvider } from './upload/uploads.tsx';

const AccountPage = lazy(() =>
  import('./accounts/account-page.tsx').then((m) => ({ default: m.AccountPage })),
);
const InvitesPage = lazy(() =>
  import('./invites/invites-page.tsx').then((m) => ({ default: m.InvitesPage })),
);
const AdminPage = lazy(() => import('./admin/admin-page.tsx').then((m) => ({ default: m.AdminPage })));
const VisitorPage = lazy(() =>
  import('./accounts/visitor-page.tsx').then((m) => ({ default: m.VisitorPage })),
);
const MediaOverlay = lazy(() =>
  import('./media/media-overlay.tsx').then((m) => ({ default: m.MediaOverlay })),
);

/** The whole client: what every page stands in, then every page by its address. */
export function App(props: { client: QueryClient; i18n: I18n }) {
  return (
    <I18nProvider value={props.i18n}>
      <Guard>
        <QueryClientProvider client={props.client}>
          <ToastProvider>
            <Connection />
            <Show when={visitorAddress(location.pathname)} fallback={<Pages />}>
              {(address) => <VisitorPage address={address()} />}
            </Show>
          </ToastProvider>
        </QueryClientProvider>
      </Guard>
    </I18nProvider>
  );
}

/** Every page for people who are signed in, by its address. */
function Pages() {
  return (
    <Router root={Inside}>
      <Route path="/" component={FolderPage}>
        <Route path="/" />
        <Route path="/m/:id" component={MediaOverlay} />
      </Route>
      <Route path="/account" component={AccountPage} />
      <Route path="/invites" component={InvitesPage} />
      <Route path="/admin" component={AdminPage} />
      <Route path="*" component={NotFound} />
    </Router>
  );
}

/** What every page for people who are signed in shares. */
function Inside(props: ParentProps) {
  return (
    <SessionGate>
      <ReadingProvider>
        <UploadProvider>
          <Guard>{props.children}</Guard>
        </UploadProvider>
      </ReadingProvider>
    </SessionGate>
  );
}

/** A part that breaks says so and offers the way back, instead of leaving a blank page. */
function Guard(props: ParentProps) {
  return (
    <ErrorBoundary
      fallback={(error: unknown) => {
        console.error(error);
        return <Broken />;
      }}
    >
      {props.children}
    </ErrorBoundary>
  );
}

function Broken() {
  const { t } = useI18n();
  return (
    <main class="notice" role="alert">
      <FolderFace mood="puzzled" />
      <h1>{t('app.broken')}</h1>
      <p>{t('app.broken.text')}</p>
      <button type="button" class="button primary" onClick={() => location.reload()}>
        {t('app.reload')}
      </button>
    </main>
  );
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
