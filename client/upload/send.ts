import type { MediaItem } from '../../app/media/media.schema.ts';
import { ApiError, errorFrom } from '../api/errors.ts';

/**
 * Sends one file to `POST /api/media`. XMLHttpRequest, because `fetch` tells nothing about bytes sent.
 *
 * @param onProgress gets the bytes sent so far, the form's own few hundred included
 * @throws {ApiError}
 */
export function send(
  file: File,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<MediaItem> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener('abort', abort, { once: true });

    request.upload.addEventListener('progress', (event) => onProgress(event.loaded));
    request.addEventListener('load', () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText));
      else reject(errorFrom(request.status, request.responseText));
    });
    request.addEventListener('error', () => reject(new ApiError('offline')));
    request.addEventListener('abort', () => reject(new ApiError('cancelled')));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));

    const form = new FormData();
    form.append('file', file, file.name);
    request.open('POST', '/api/media');
    request.send(form);
  });
}
