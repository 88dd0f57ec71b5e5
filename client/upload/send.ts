import type { MediaItem } from '../../app/media/media.schema.ts';
import { noted } from '../api/client.ts';
import { ApiError, errorFrom } from '../api/errors.ts';
import type { Note } from './note.ts';

/**
 * Sends one file to `POST /api/media`. XMLHttpRequest, because `fetch` tells nothing about bytes sent.
 *
 * @param onProgress gets the bytes sent so far, the form's own few hundred included
 * @throws {ApiError}
 */
export function send(
  file: File,
  note: Note,
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
      else reject(noted(errorFrom(request.status, request.responseText)));
    });
    request.addEventListener('error', () => reject(noted(new ApiError('offline'))));
    request.addEventListener('abort', () => reject(new ApiError('cancelled')));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));

    const form = new FormData();
    // Fields first: the server reads a form in its order.
    if (note.title) form.append('title', note.title);
    if (note.tags.length > 0) form.append('tags', note.tags.join(','));
    form.append('file', file, file.name);
    request.open('POST', '/api/media');
    request.send(form);
  });
}
