import { errorFrom } from '../api/errors.ts';
import { markServerGone, onServerBack } from '../api/server-status.ts';
import { isBusy } from './release.ts';

/** URL of the page's script in its HTML. A different URL means a different release. */
export const scriptOf = (html: string): string | null =>
  /<script[^>]*type="module"[^>]*src="([^"]+)"/.exec(html)?.[1] ?? null;

const RELOADED_KEY = 'reloaded-for';

/** Whether the next look waits until the server answers again. */
let waits = false;

/**
 * Handles a chunk that failed to load, because a new release has renamed it. If the server has a
 * new page, this reloads once. With the same page a reload would not help. Without an answer, as
 * during a restart, this looks again once the server answers. During input or uploads it does not
 * reload; the page shows an error and the user decides.
 */
export async function reloadIfReleased(): Promise<void> {
  if (isBusy(document)) return;
  // Without a network, `fetch` rejects.
  const response = await fetch('/', { cache: 'no-store' }).catch(() => null);
  if (!response?.ok) {
    if (!response || errorFrom(response.status, await response.text()).code === 'unavailable') lookAgain();
    return;
  }
  const theirs = scriptOf(await response.text());
  const ours = scriptOf(document.head.innerHTML);
  if (theirs === null || theirs === ours || sessionStorage.getItem(RELOADED_KEY) === theirs) return;
  sessionStorage.setItem(RELOADED_KEY, theirs);
  location.reload();
}

/** Looks again when the server answers. Several missing chunks wait together. */
function lookAgain(): void {
  if (waits) return;
  waits = true;
  const stop = onServerBack(() => {
    waits = false;
    stop();
    void reloadIfReleased().catch(console.warn);
  });
  markServerGone();
}
