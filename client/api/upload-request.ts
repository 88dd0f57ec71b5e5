import { reportToPage } from './client.ts';
import { ApiError, errorFrom } from './errors.ts';
import { knownSession, refusalOf } from './known-session.ts';

/** Bytes sent so far, including the form's own few hundred. `total` is 0 while unknown. */
export interface SentBytes {
  loaded: number;
  total: number;
}

/**
 * Sends a multipart form and returns the response body. It uses XMLHttpRequest, because `fetch`
 * reports no upload progress. After an outdated 401 the form is sent again.
 *
 * @param expected the one status that means success
 * @throws {ApiError}
 */
export function sendForm<Answer>(
  method: 'POST' | 'PUT',
  address: string,
  expected: number,
  form: FormData,
  onProgress: (sent: SentBytes) => void,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const before = knownSession();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener('abort', abort, { once: true });

    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress({ loaded, total }));
    request.addEventListener('load', () => {
      const refused = request.status === 401 && refusalOf(before, method);
      if (request.status === expected) resolve(JSON.parse(request.responseText));
      else if (refused === 'outdated')
        sendForm<Answer>(method, address, expected, form, onProgress, signal).then(resolve, reject);
      else if (refused === 'of-another') reject(new ApiError('cancelled'));
      else reject(reportToPage(errorFrom(request.status, request.responseText)));
    });
    request.addEventListener('error', () => reject(reportToPage(new ApiError('offline'))));
    request.addEventListener('abort', () => reject(new ApiError('cancelled')));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));

    request.open(method, address);
    request.send(form);
  });
}
