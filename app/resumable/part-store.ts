import type { Readable } from 'node:stream';

/**
 * Keeps the parts of unfinished uploads, in a folder or a private bucket. They are originals with
 * their metadata still in them. So they never lie in the bucket of the media.
 *
 * A key is `{id of the upload}/{name}`, of characters that no file system minds.
 */
export interface PartStore {
  /** Stores the file at `path` as a part. The file may be moved away. */
  put(key: string, path: string): Promise<void>;
  has(key: string): Promise<boolean>;
  /** Reads a part; `null` if it is missing. */
  read(key: string): Promise<Readable | null>;
  /** Removes one part. A missing part is no error. */
  removePart(key: string): Promise<void>;
  /** Removes everything of an upload. */
  remove(id: string): Promise<void>;
  /** Lists uploads that have parts, with the time of a change there. May list one several times. */
  list(): AsyncIterable<{ id: string; changedAt: Date }>;
}

/** The id of an upload, as the name of its folder. */
export const UPLOAD_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
