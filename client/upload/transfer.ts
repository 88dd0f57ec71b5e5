import type { MediaItem } from '../../app/media/media.schema.ts';
import { RESUMABLE_FROM_BYTES } from '../../app/resumable/resumable.limits.ts';
import { toApiError } from '../api/errors.ts';
import { hashFile } from './file-hashes.ts';
import type { FileHashes } from './file-hashes.worker.ts';
import type { UploadMetadata } from './metadata.ts';
import { send } from './send.ts';

/** Loads with the first large file. A chunk that is missing leaves the file to one form. */
const loadSender = () =>
  import('./part-sender.ts').then(
    ({ partSender }) => partSender,
    () => null,
  );

/** Sends files: a small one in one form, a large one in parts that survive a lost connection. */
export function createTransfer() {
  /** The hashes of large files: a try after a lost connection does not read them again. */
  const hashes = new WeakMap<File, FileHashes>();

  return {
    /** As `hashFile`. */
    async hashesOf(file: File, signal: AbortSignal): Promise<FileHashes> {
      const known = hashes.get(file);
      if (known) return known;
      const made = await hashFile(file, signal);
      if (file.size > RESUMABLE_FROM_BYTES) hashes.set(file, made);
      return made;
    },

    /**
     * Sends a file after `hashesOf`.
     *
     * @param onProgress receives the bytes sent so far
     * @throws {ApiError}
     */
    async send(
      file: File,
      metadata: UploadMetadata,
      onProgress: (sent: number) => void,
      signal: AbortSignal,
    ): Promise<MediaItem> {
      const known = hashes.get(file);
      const parts = known && (await loadSender());
      if (!known || !parts) return send(file, metadata, onProgress, signal);
      try {
        return await parts.send({ file, sha256: known.sha256, metadata }, onProgress, signal);
      } catch (thrown) {
        const error = toApiError(thrown);
        if (error.code !== 'too_many_uploads') throw error;
        return send(file, metadata, onProgress, signal);
      }
    },

    /** Removes what the server has of a cancelled file. */
    async discard(file: File): Promise<void> {
      if (hashes.has(file)) await (await loadSender())?.discard(file);
    },
  };
}
