import { keepRelease } from './keep-release.ts';
import { onReleased } from './release.ts';

/** Interval between update checks of an open page, in milliseconds. */
const UPDATE_CHECK_MS = 30 * 60_000;
/** Minimum time between update checks when the page becomes visible, in milliseconds. */
const MIN_UPDATE_CHECK_MS = 60_000;

/**
 * Registers the service worker and checks for updates. Call it after the page has loaded, so that
 * it does not compete with visible content.
 *
 * @param onNewRelease called once when another release has taken control of this page
 */
export async function registerWorker(onNewRelease: () => void): Promise<void> {
  const { serviceWorker } = navigator;
  onReleased(serviceWorker, onNewRelease);
  keepRelease(serviceWorker, document, () =>
    performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
  );
  const registration = await serviceWorker.register('/sw.js', { updateViaCache: 'none' });
  let last = performance.now();
  const look = () => {
    if (!navigator.onLine || performance.now() - last < MIN_UPDATE_CHECK_MS) return;
    last = performance.now();
    registration.update().catch(() => {
      // offline: a later check tries again
    });
  };
  setInterval(look, UPDATE_CHECK_MS);
  document.addEventListener('visibilitychange', () => document.hidden || look());
}
