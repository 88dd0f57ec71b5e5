import type { QueryClient } from '@tanstack/solid-query';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { sendForm, type SentBytes } from '../api/upload-request.ts';
import { putItem } from '../library/item.queries.ts';

/**
 * Replaces the file of an item.
 *
 * @param onProgress receives the sent share, 0 to 1
 * @throws {ApiError} `already_here` names the item with the same file
 */
export async function replaceFile(
  client: QueryClient,
  id: string,
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  putItem(client, await put(`/api/media/${id}/file`, file, onProgress, signal));
}

function put(
  address: string,
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<MediaItem> {
  const form = new FormData();
  form.append('file', file, file.name);
  const share = ({ loaded, total }: SentBytes) => onProgress(total > 0 ? loaded / total : 0);
  return sendForm('PUT', address, 200, form, share, signal);
}
