import { QueryClientProvider, type QueryClient } from '@tanstack/solid-query';
import { Show } from 'solid-js';
import { SessionGate } from './auth/session-gate.tsx';
import { visitorAddress } from './public-urls.ts';
import { I18nProvider, type I18n } from './i18n/i18n.tsx';
import { Connection } from './ui/offline-banner.tsx';
import { Guard } from './ui/error-boundary.tsx';
import { late } from './ui/lazy.tsx';
import { settled } from './ui/after-load.ts';
import { ToastProvider } from './ui/toasts.tsx';

/** Loads the pages; called early for someone who most likely is signed in. */
export const loadPages = () => import('./routes.tsx');

const Pages = late(() => loadPages().then((m) => m.Pages), 'page');
const VisitorPage = late(() => import('./public-page.tsx').then((m) => m.VisitorPage), 'page');

/** Comes when the page has loaded: it has nothing to show, and shall take nothing from what has. */
const Upkeep = late(
  () =>
    settled()
      .then(() => import('./pwa/app-updates.tsx'))
      .then((m) => m.Upkeep),
  'nowhere',
);

/** The whole client: what everything stands in, then the way in, then the pages behind it. */
export function App(props: { client: QueryClient; i18n: I18n }) {
  return (
    <I18nProvider value={props.i18n}>
      <Guard>
        <QueryClientProvider client={props.client}>
          <ToastProvider>
            <Connection />
            <Upkeep />
            <Show
              when={visitorAddress(location.pathname)}
              fallback={
                <SessionGate>
                  <Pages />
                </SessionGate>
              }
            >
              {(address) => <VisitorPage address={address()} />}
            </Show>
          </ToastProvider>
        </QueryClientProvider>
      </Guard>
    </I18nProvider>
  );
}
