import { isBusy } from './release.ts';

/** URL of the page's script in its HTML. A different URL means a different release. */
export const scriptOf = (html: string): string | null =>
  /<script[^>]*type="module"[^>]*src="([^"]+)"/.exec(html)?.[1] ?? null;

const RELOADED_KEY = 'reloaded-for';

/**
 * Handles a chunk that failed to load, because a new release has renamed it. If the server has a
 * new page, this reloads once. Offline, or with the same page, a reload would not help. During
 * input or uploads it does not reload; the page shows an error and the user decides.
 */
export async function reloadIfReleased(): Promise<void> {
  if (isBusy(document)) return;
  const response = await fetch('/', { cache: 'no-store' });
  if (!response.ok) return;
  const theirs = scriptOf(await response.text());
  const ours = scriptOf(document.head.innerHTML);
  if (theirs === null || theirs === ours || sessionStorage.getItem(RELOADED_KEY) === theirs) return;
  sessionStorage.setItem(RELOADED_KEY, theirs);
  location.reload();
}
