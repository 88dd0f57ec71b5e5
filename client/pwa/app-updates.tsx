import { createEffect, createSignal, ErrorBoundary, onCleanup, onMount, Show } from 'solid-js';
import { UploadDictionary, useUploadDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { registerWorker } from './register.ts';
import { isBusy } from './release.ts';

/**
 * Updates the installed app: service worker, releases and manifest. It shows a toast only. Only the
 * toast needs the dictionary, so that all else works while its chunk is missing.
 */
export function AppUpdates() {
  const { language } = useI18n();
  const [released, setReleased] = createSignal(false);
  const listeners = new AbortController();
  onCleanup(() => listeners.abort());

  createEffect(() => {
    document.querySelector('link[rel=manifest]')?.setAttribute('href', `/manifest.${language()}.webmanifest`);
  });

  const reloadWhenIdle = () => {
    if (document.hidden && !isBusy(document)) location.reload();
  };
  /** Reloads the page only while hidden and idle, or on request, so that no input is lost. */
  const onNewRelease = () => {
    reloadWhenIdle();
    document.addEventListener('visibilitychange', reloadWhenIdle, { signal: listeners.signal });
    setReleased(true);
  };

  onMount(() => {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    registerWorker(onNewRelease).catch((thrown: unknown) => {
      // Private windows and blocked storage have no service worker; the page works without it.
      console.warn(thrown);
    });
  });

  return (
    <ErrorBoundary
      fallback={(thrown: unknown) => {
        console.warn(thrown);
        return null;
      }}
    >
      <UploadDictionary>
        <Show when={released()}>
          <ReleaseToast />
        </Show>
      </UploadDictionary>
    </ErrorBoundary>
  );
}

/** Shows a toast about a new release, with a button that reloads the page. */
function ReleaseToast() {
  const t = useUploadDictionary();
  const toasts = useToasts();
  onMount(() =>
    toasts.show(t('release.new'), {
      action: { label: t('release.load'), run: () => location.reload() },
    }),
  );
  return null;
}
