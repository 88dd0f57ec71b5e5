import type { MediaItem } from '../../app/media/media.schema.ts';
import { noted } from '../api/client.ts';
import { toApiError } from '../api/errors.ts';
import { sendForm } from '../api/send-form.ts';
import type { Note } from './note.ts';

/**
 * Sends one file to `POST /api/media`.
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
  const form = new FormData();
  // Fields first: the server reads a form in its order.
  if (note.title) form.append('title', note.title);
  if (note.tags.length > 0) form.append('tags', note.tags.join(','));
  form.append('file', file, file.name);
  const sent = sendForm<MediaItem>(
    'POST',
    '/api/media',
    201,
    form,
    ({ loaded }) => onProgress(loaded),
    signal,
  );
  return sent.catch((thrown: unknown) => {
    throw noted(toApiError(thrown));
  });
}
