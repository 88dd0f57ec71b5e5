import { QueryClientProvider, type QueryClient } from '@tanstack/solid-query';
import { Show } from 'solid-js';
import { SessionGate } from './auth/session-gate.tsx';
import { parsePublicUrl } from './public-urls.ts';
import { I18nProvider, type I18n } from './i18n/i18n.tsx';
import { OfflineBanner } from './ui/offline-banner.tsx';
import { SectionErrorBoundary } from './ui/error-boundary.tsx';
import { lazyComponent } from './ui/lazy.tsx';
import { afterLoad } from './ui/after-load.ts';
import { ToastProvider } from './ui/toasts.tsx';

/** Loads the routes. `main.tsx` calls it early for users who are probably signed in. */
export const loadRoutes = () => import('./routes.tsx');

const Routes = lazyComponent(() => loadRoutes().then((m) => m.Routes), 'page');
const PublicPage = lazyComponent(() => import('./public-page.tsx').then((m) => m.PublicPage), 'page');

/** Loads after the page, because it shows nothing and must not delay visible content. */
const AppUpdates = lazyComponent(
  () =>
    afterLoad()
      .then(() => import('./pwa/app-updates.tsx'))
      .then((m) => m.AppUpdates),
  'nowhere',
);

/** Loads after the page too: it is for the eye alone. */
const Mascot = lazyComponent(
  () =>
    afterLoad()
      .then(() => import('./ui/mascot.ts'))
      .then((m) => m.Mascot),
  'nowhere',
);

/** The root component: providers, then the session gate, then the routes. */
export function App(props: { client: QueryClient; i18n: I18n }) {
  return (
    <I18nProvider value={props.i18n}>
      <SectionErrorBoundary>
        <QueryClientProvider client={props.client}>
          <ToastProvider>
            <OfflineBanner />
            <AppUpdates />
            <Mascot />
            <Show
              when={parsePublicUrl(location.pathname)}
              fallback={
                <SessionGate>
                  <Routes />
                </SessionGate>
              }
            >
              {(address) => <PublicPage address={address()} />}
            </Show>
          </ToastProvider>
        </QueryClientProvider>
      </SectionErrorBoundary>
    </I18nProvider>
  );
}
