import type { MediaItem } from '../../app/media/media.schema.ts';
import { sendForm } from '../api/upload-request.ts';
import type { UploadMetadata } from './metadata.ts';

/**
 * Sends one file to `POST /api/media`.
 *
 * @param onProgress receives the bytes sent so far, including the form's own few hundred
 * @throws {ApiError}
 */
export function send(
  file: File,
  metadata: UploadMetadata,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<MediaItem> {
  const form = new FormData();
  // Fields precede the file, because the server reads the form in order.
  if (metadata.title) form.append('title', metadata.title);
  if (metadata.tags.length > 0) form.append('tags', metadata.tags.join(','));
  form.append('file', file, file.name);
  return sendForm('POST', '/api/media', 201, form, ({ loaded }) => onProgress(loaded), signal);
}
