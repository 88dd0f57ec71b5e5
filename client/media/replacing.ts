import type { QueryClient } from '@tanstack/solid-query';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { change } from '../api/change.ts';
import { ApiError, errorFrom } from '../api/errors.ts';
import { putItem } from './media.queries.ts';

/**
 * Gives an item another file. XMLHttpRequest, because `fetch` tells nothing about bytes sent.
 *
 * @param onProgress gets the share that is sent, 0 to 1
 * @throws {ApiError} `already_here` names the item that has this very file
 */
export async function replaceFile(
  client: QueryClient,
  id: string,
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  putItem(client, await change(client, () => put(`/api/media/${id}/file`, file, onProgress, signal)));
}

function put(
  address: string,
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<MediaItem> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal.addEventListener('abort', abort, { once: true });
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      onProgress(total > 0 ? loaded / total : 0),
    );
    request.addEventListener('load', () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText));
      else reject(errorFrom(request.status, request.responseText));
    });
    request.addEventListener('error', () => reject(new ApiError('offline')));
    request.addEventListener('abort', () => reject(new ApiError('cancelled')));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    const form = new FormData();
    form.append('file', file, file.name);
    request.open('PUT', address);
    request.send(form);
  });
}
