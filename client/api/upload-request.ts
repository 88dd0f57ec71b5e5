import { reportToPage } from './client.ts';
import { ApiError, errorFrom } from './errors.ts';
import { knownSession, refusalOf } from './known-session.ts';

/** Bytes sent so far, including the form's own few hundred. `total` is 0 while unknown. */
export interface SentBytes {
  loaded: number;
  total: number;
}

/** A request whose body is sent with progress. */
export interface BodyRequest {
  method: 'POST' | 'PUT' | 'PATCH';
  address: string;
  headers?: Readonly<Record<string, string>>;
  body: FormData | ArrayBuffer;
  /** The statuses that mean success. */
  accepts: readonly number[];
}

/**
 * Sends a body and returns the answered request. It uses XMLHttpRequest, because `fetch` reports no
 * upload progress. After an outdated 401 the body is sent again.
 *
 * @throws {ApiError}
 */
export function sendBody(
  sent: BodyRequest,
  onProgress: (sent: SentBytes) => void,
  signal: AbortSignal,
): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const before = knownSession();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener('abort', abort, { once: true });

    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress({ loaded, total }));
    request.addEventListener('load', () => {
      const refused = request.status === 401 && refusalOf(before, sent.method);
      if (sent.accepts.includes(request.status)) resolve(request);
      else if (refused === 'outdated') sendBody(sent, onProgress, signal).then(resolve, reject);
      else if (refused === 'of-another') reject(new ApiError('cancelled'));
      else reject(reportToPage(errorFrom(request.status, request.responseText)));
    });
    request.addEventListener('error', () => reject(reportToPage(new ApiError('offline'))));
    request.addEventListener('abort', () => reject(new ApiError('cancelled')));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));

    request.open(sent.method, sent.address);
    for (const [name, value] of Object.entries(sent.headers ?? {})) request.setRequestHeader(name, value);
    request.send(sent.body);
  });
}

/**
 * Sends a multipart form and returns the response body.
 *
 * @param expected the one status that means success
 * @throws {ApiError}
 */
export async function sendForm<Answer>(
  method: 'POST' | 'PUT',
  address: string,
  expected: number,
  form: FormData,
  onProgress: (sent: SentBytes) => void,
  signal: AbortSignal,
): Promise<Answer> {
  const request = { method, address, body: form, accepts: [expected] };
  const { responseText } = await sendBody(request, onProgress, signal);
  return JSON.parse(responseText);
}
