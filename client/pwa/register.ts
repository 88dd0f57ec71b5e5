import { onReleased } from './release.ts';

/** How often a page that stays open looks for a new release, in milliseconds. */
const UPDATE_CHECK_MS = 30 * 60_000;
/** Coming back to the page looks too, but not more often than this. */
const MIN_UPDATE_CHECK_MS = 60_000;

/**
 * Registers the service worker and keeps looking for newer ones. Called when the page has loaded: it shall not compete
 * with what is on screen.
 *
 * @param onNewRelease called once when another release has taken over under this page
 */
export async function registerWorker(onNewRelease: () => void): Promise<void> {
  const { serviceWorker } = navigator;
  onReleased(serviceWorker, onNewRelease);
  const registration = await serviceWorker.register('/sw.js', { updateViaCache: 'none' });
  let last = performance.now();
  const look = () => {
    if (!navigator.onLine || performance.now() - last < MIN_UPDATE_CHECK_MS) return;
    last = performance.now();
    registration.update().catch(() => {
      // no connection now: it is looked for again
    });
  };
  setInterval(look, UPDATE_CHECK_MS);
  document.addEventListener('visibilitychange', () => document.hidden || look());
}
