import { QueryClientProvider, type QueryClient } from '@tanstack/solid-query';
import { lazy, Show } from 'solid-js';
import { SessionGate } from './accounts/session-gate.tsx';
import { visitorAddress } from './accounts/visitor-address.ts';
import { I18nProvider, type I18n } from './i18n/i18n.tsx';
import { Connection } from './ui/connection.tsx';
import { Dispensable, Guard } from './ui/guard.tsx';
import { settled } from './ui/settled.ts';
import { ToastProvider } from './ui/toasts.tsx';

/** Loads the pages; called early for someone who most likely is signed in. */
export const loadPages = () => import('./pages.tsx');

const Pages = lazy(() => loadPages().then((m) => ({ default: m.Pages })));
const VisitorPage = lazy(() =>
  import('./accounts/visitor-page.tsx').then((m) => ({ default: m.VisitorPage })),
);

/** Comes when the page has loaded: it has nothing to show, and shall take nothing from what has. */
const Upkeep = lazy(() =>
  settled()
    .then(() => import('./pwa/upkeep.tsx'))
    .then((m) => ({ default: m.Upkeep })),
);

/** The whole client: what everything stands in, then the way in, then the pages behind it. */
export function App(props: { client: QueryClient; i18n: I18n }) {
  return (
    <I18nProvider value={props.i18n}>
      <Guard>
        <QueryClientProvider client={props.client}>
          <ToastProvider>
            <Connection />
            <Dispensable>
              <Upkeep />
            </Dispensable>
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
