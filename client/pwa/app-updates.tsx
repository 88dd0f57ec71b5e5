import { createEffect, onCleanup, onMount } from 'solid-js';
import { UploadDictionary, useUploadDictionary } from '../i18n/upload-dictionary.tsx';
import { useI18n } from '../i18n/i18n.tsx';
import { useToasts } from '../ui/toasts.tsx';
import { registerWorker } from './register.ts';
import { reloadIfReleased } from './reload.ts';
import { isBusy } from './release.ts';

/** Keeps the installed app up to date: its worker, its releases, its manifest. Shows nothing by itself. */
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
  /** Nobody loses anything: the page is loaded anew when it is out of sight and idle, or when asked to. */
  const onNewRelease = () => {
    reloadWhenIdle();
    document.addEventListener('visibilitychange', reloadWhenIdle, { signal: listeners.signal });
    toasts.show(t('release.new'), {
      action: { label: t('release.load'), run: () => location.reload() },
    });
  };

  // Only a page that was open for a while asks for parts of an older release.
  window.addEventListener('vite:preloadError', () => void reloadIfReleased().catch(console.warn), {
    signal: listeners.signal,
  });

  onMount(() => {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    registerWorker(onNewRelease).catch((thrown: unknown) => {
      // Private windows and blocked storage have none; the page works as well without.
      console.warn(thrown);
    });
  });

  return null;
}
