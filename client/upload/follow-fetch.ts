import type { FetchItem } from '../../app/fetches/fetches.schema.ts';
import { api, unwrap } from '../api/client.ts';

/** Time between two looks at a fetch, in milliseconds. The server writes its progress as often. */
const POLL_MS = 1000;

/**
 * Follows a fetch until it is done or has failed.
 *
 * @throws {ApiError} if the server does not answer; the fetch goes on there
 */
export async function followFetch(
  id: string,
  onProgress: (now: FetchItem) => void,
  signal: AbortSignal,
): Promise<FetchItem> {
  for (;;) {
    const now = await unwrap(api.media['from-url'][':id'].$get({ param: { id } }, { init: { signal } }));
    onProgress(now);
    if (now.state === 'done' || now.state === 'failed') return now;
    await pause(signal);
  }
}

/** Rejects with the reason of the signal. */
const pause = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, POLL_MS);
    signal.addEventListener('abort', stop, { once: true });
  });
