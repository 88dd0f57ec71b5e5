import type { KeepMessage } from './shell-cache.ts';

/** The used part of `navigator.serviceWorker`. */
interface Container extends Pick<EventTarget, 'addEventListener'> {
  readonly controller: { postMessage(message: KeepMessage): void } | null;
}

/**
 * Asks the service worker to cache files of the release. A first visit asks for those that the page
 * has loaded, which costs no request. A later visit, or a page that was put away, asks for all: the
 * app then works without a connection.
 *
 * @param container `navigator.serviceWorker`
 * @param page tells when it is hidden
 * @param loaded returns the paths of all files that this page has loaded
 */
export function keepRelease(
  container: Container,
  page: Pick<EventTarget, 'addEventListener'> & { readonly hidden: boolean },
  loaded: () => readonly string[],
): void {
  const keep = (what: KeepMessage['keep']) => container.controller?.postMessage({ keep: what });
  keep('all');
  container.addEventListener('controllerchange', () => keep(loaded()));
  page.addEventListener('visibilitychange', () => {
    if (page.hidden) keep('all');
  });
}
