import type { MediaItem } from '../../app/media/media.schema.ts';
import { PART_BYTES } from '../../app/resumable/resumable.limits.ts';
import { ApiError, toApiError, type AnyErrorCode } from '../api/errors.ts';
import type { UploadMetadata } from './metadata.ts';

/** A file to send, with the SHA-256 by which the server finds what it has of it. */
export interface FileInParts {
  file: File;
  sha256: string;
  metadata: UploadMetadata;
}

/** The server of resumable uploads. Every promise rejects with an ApiError. */
export interface PartServer {
  /** Begins an upload, or finds the unfinished one of the file. `offset`: the bytes that it has. */
  open(sent: FileInParts, signal: AbortSignal): Promise<{ id: string; offset: number }>;
  /** Sends bytes. Returns the item after the last ones, otherwise `null`. */
  send(
    part: { id: string; at: number; bytes: ArrayBuffer },
    onProgress: (sent: number) => void,
    signal: AbortSignal,
  ): Promise<MediaItem | null>;
  /** Ends an upload. */
  remove(id: string): Promise<void>;
}

/** Errors after which the server is asked how much it has. */
const ASK_AGAIN: ReadonlySet<AnyErrorCode> = new Set(['wrong_offset', 'not_found', 'request_timeout']);
/** Maximum number of such errors without a part between. */
const MAX_REFUSALS = 5;

/** Sends files in parts. */
export function createPartSender(server: PartServer) {
  /** The unfinished upload of each file. */
  const ids = new WeakMap<File, string>();

  return {
    /**
     * Sends what the server lacks of a file. So it goes on after a lost connection, a reload, or a
     * restart of the server.
     *
     * @param onProgress receives the bytes sent so far, those of earlier tries included
     * @throws {ApiError} `offline` and `unavailable`: to be called again when the server is back
     */
    async send(
      sent: FileInParts,
      onProgress: (sent: number) => void,
      signal: AbortSignal,
    ): Promise<MediaItem> {
      const { file } = sent;
      for (let refusals = 0; ;) {
        const { id, offset } = await server.open(sent, signal);
        ids.set(file, id);
        try {
          for (let at = offset; ; at = Math.min(at + PART_BYTES, file.size)) {
            signal.throwIfAborted();
            onProgress(at);
            const part = { id, at, bytes: await bytesOf(file, at) };
            const item = await server.send(part, (more) => onProgress(at + more), signal);
            if (item) return item;
            refusals = 0;
          }
        } catch (thrown) {
          const error = toApiError(thrown);
          refusals += 1;
          if (!ASK_AGAIN.has(error.code) || refusals > MAX_REFUSALS) throw error;
        }
      }
    },

    /**
     * Removes what the server has of a cancelled file. If that fails, the server ends the upload
     * after a day.
     */
    async discard(file: File): Promise<void> {
      const id = ids.get(file);
      if (id === undefined) return;
      ids.delete(file);
      await server.remove(id).catch(() => {});
    },
  };
}

/** Reads the bytes of a part. A failed request would not tell that the file is gone. */
const bytesOf = (file: File, at: number): Promise<ArrayBuffer> =>
  file
    .slice(at, at + PART_BYTES)
    .arrayBuffer()
    .catch((cause: unknown) => {
      throw new ApiError('unreadable_file', { cause });
    });
