import { createEffect, createSignal, onCleanup, Show } from 'solid-js';
import { isServerGone } from '../api/server-status.ts';
import { useI18n } from '../i18n/i18n.tsx';

/**
 * A banner at the bottom of the page while the browser is offline or the server does not answer.
 */
export function OfflineBanner() {
  const { t } = useI18n();
  const [online, setOnline] = createSignal(navigator.onLine);
  const update = () => setOnline(navigator.onLine);
  window.addEventListener('online', update);
  window.addEventListener('offline', update);
  onCleanup(() => {
    window.removeEventListener('online', update);
    window.removeEventListener('offline', update);
  });
  const isOffline = () => !online() || isServerGone();
  // Moves floating elements at the bottom above the banner.
  createEffect(() => document.documentElement.toggleAttribute('data-offline', isOffline()));

  return (
    <div role="status">
      <Show when={isOffline()}>
        <p class="offline-banner">{t('app.offline')}</p>
      </Show>
    </div>
  );
}
