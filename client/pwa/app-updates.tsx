import { createEffect, onCleanup, onMount } from 'solid-js';
import { UploadDictionary, useUploadDictionary } from '../i18n/dictionaries.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { registerWorker } from './register.ts';
import { reloadIfReleased } from './reload.ts';
import { isBusy } from './release.ts';

/** Updates the installed app: service worker, releases and manifest. It renders nothing. */
export function AppUpdates() {
  return (
    <UploadDictionary>
      <Releases />
    </UploadDictionary>
  );
}

function Releases() {
  const { language } = useI18n();
  const t = useUploadDictionary();
  const toasts = useToasts();
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
    toasts.show(t('release.new'), {
      action: { label: t('release.load'), run: () => location.reload() },
    });
  };

  // Only a page that was open during a release requests chunks of an older one.
  window.addEventListener('vite:preloadError', () => void reloadIfReleased().catch(console.warn), {
    signal: listeners.signal,
  });

  onMount(() => {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    registerWorker(onNewRelease).catch((thrown: unknown) => {
      // Private windows and blocked storage have no service worker; the page works without it.
      console.warn(thrown);
    });
  });

  return null;
}
