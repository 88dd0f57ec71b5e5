/** Where other apps post what they share; named in `public/manifest.webmanifest` too. */
export const SHARE_ACTION = '/share';

/** Thumbnails that are kept: some 500 of at most 100 kB, so 50 MB at the worst and half of that as a rule. */
export const THUMBNAILS = {
  entries: 500,
  /** A larger picture is an original. */
  bytes: 100_000,
  seconds: 60 * 24 * 60 * 60,
} as const;

/** How long the server has to send the page before the kept one is shown, in milliseconds. */
export const PAGE_WAITS_MS = 4000;

/** How often a page that stays open looks for a new release, in milliseconds. */
const LOOK_EVERY_MS = 30 * 60 * 1000;

/**
 * Registers the service worker once the page has nothing better to do.
 *
 * @param onRelease called when a newer release has taken over under a page of an older one
 */
export function registerWorker(onRelease: () => void): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const { serviceWorker } = navigator;
  // The first worker of a browser takes over a page of the same release.
  let known = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    if (known) onRelease();
    known = true;
  });
  const register = async () => {
    const registration = await serviceWorker.register('/sw.js');
    const look = () => {
      if (document.visibilityState === 'visible' && navigator.onLine) registration.update().catch(() => {});
    };
    setInterval(look, LOOK_EVERY_MS);
    document.addEventListener('visibilitychange', look);
  };
  // Without a worker everything works as before, only not without a network: nothing to tell anybody.
  register().catch((error: unknown) => console.warn('no service worker:', error));
}
