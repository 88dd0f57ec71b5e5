import type { Readable } from 'node:stream';

/** What a storage knows of an object without reading it. Size in bytes. */
export interface ObjectInfo {
  key: string;
  size: number;
  contentType: string;
  lastModified: Date;
}

/** Inclusive byte positions, as in HTTP. */
export interface ByteRange {
  start: number;
  end: number;
}

export interface NewObject {
  contentType: string;
  /** Name a browser saves the file under; stored with the object where the backend can. */
  downloadName?: string;
}

/**
 * Where media files live: immutable objects under flat, unguessable keys. Every driver passes
 * `test/app/storage/storage.contract.ts`.
 *
 * - A missing object is `null`, never an error; any other failure throws {@link StorageError}.
 * - A key is written once: a second `put` throws with `reason: 'exists'`.
 * - After `put` resolves the object is durable and whole; after it rejects nothing is left under the key.
 * - A key that does not match {@link OBJECT_KEY} throws with `reason: 'bad_key'`, before anything is touched.
 */
export interface Storage {
  readonly backend: 'local' | 's3';
  /** Stores the file at `path`, read as a stream. */
  put(key: string, path: string, object: NewObject): Promise<void>;
  info(key: string): Promise<ObjectInfo | null>;
  /** The bytes of the object or of a range of it, which must lie within the object. */
  read(key: string, range?: ByteRange): Promise<Readable | null>;
  /** Idempotent: a missing object is fine. */
  delete(key: string): Promise<void>;
  /** Every object there is, in no particular order; never a silently partial list. */
  list(): AsyncIterable<ObjectInfo>;
  /**
   * Removes what a `put` left behind whose process was killed, if it is older than `minAgeMs`: nothing that `list` or
   * anybody else can see, but it takes room. Answers how much of it there was.
   */
  sweep(minAgeMs: number): Promise<number>;
  /** The address a browser gets the object from. */
  publicUrl(key: string): string;
  /**
   * Where a browser that asks the app for the object is sent instead; `null` when the app serves the bytes itself.
   * @param downloadName the answer there is saved as a file of this name
   */
  elsewhere(key: string, downloadName?: string): Promise<string | null>;
  /** `null` when objects can be written and read, otherwise a sentence that says what is wrong. */
  problem(): Promise<string | null>;
  /** `null`, or a sentence that says what works less well than it could. */
  advice(): Promise<string | null>;
}

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly reason: 'exists' | 'bad_key' | 'failed';

  constructor(backend: string, reason: StorageError['reason'], message: string, cause?: unknown) {
    super(`[storage] [${backend}] ${message}`, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

/** A UUID v4 in lower case and an extension: nothing that could be a path, a hidden file or a device name. */
export const OBJECT_KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[a-z0-9]{2,5}$/;

export function assertKey(backend: string, key: string): void {
  if (!OBJECT_KEY.test(key))
    throw new StorageError(backend, 'bad_key', `not an object key: ${JSON.stringify(key.slice(0, 80))}`);
}
