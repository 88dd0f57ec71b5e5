import { isBusy } from './release.ts';

/** The address of the page's own script in its HTML: another one means another release. */
export const scriptOf = (html: string): string | null =>
  /<script[^>]*type="module"[^>]*src="([^"]+)"/.exec(html)?.[1] ?? null;

const RELOADED_KEY = 'reloaded-for';

/**
 * A part of the page that did not load: after a release it has another name. If the server has another page now, that one
 * is loaded, once; without a connection, or with the same page, nothing would be better for it. Nor is it while something is
 * typed or sent: then the page says that the part is missing, and whoever reads it decides.
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
