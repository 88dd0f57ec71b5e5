import type { Readable } from 'node:stream';

/** Data that a storage knows about an object without reading it. Size in bytes. */
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

/** The item that an object belongs to, and its part there: `object` is the original. */
export interface ObjectOwner {
  item: string;
  role: string;
}

export interface NewObject {
  contentType: string;
  /** Kept beside the object, so that a restored database finds it. */
  owner?: ObjectOwner;
  /** Name a browser saves the file under; stored with the object where the backend can. */
  downloadName?: string;
}

/**
 * Stores media files as immutable objects under flat, unguessable keys. Every driver passes
 * `test/app/storage/storage.contract.ts`.
 *
 * - A missing object is `null`, never an error; any other failure throws {@link StorageError}.
 * - A key is written once: a second `put` throws with `reason: 'exists'`.
 * - After `put` resolves, the object is durable and whole; after it rejects, the key is free.
 * - A key that does not match {@link OBJECT_KEY} throws with `reason: 'bad_key'`, and changes
 * nothing.
 *
 * @example
 * await storage.put(key, path, { contentType: 'image/png' });
 * const stream = await storage.read(key, { start: 0, end: 99 });
 */
export interface Storage {
  readonly backend: 'local' | 's3';
  /** Stores the file at `path`, read as a stream. */
  put(key: string, path: string, object: NewObject): Promise<void>;
  /**
   * Copies an object to a free key within the storage; no byte passes the app. Returns `false` if
   * the object is missing. The copy counts as new: `lastModified` of both is now. Locally it takes
   * no space, so it works on a full disk.
   *
   * @param owner of the copy
   */
  copy(from: string, to: string, owner?: ObjectOwner): Promise<boolean>;
  /** Returns the owners of these objects. One of an earlier release has none. */
  owners(keys: readonly string[]): Promise<Map<string, ObjectOwner>>;
  /** Returns the mark of the library that the storage belongs to; `null` before the first claim. */
  library(): Promise<string | null>;
  /** Makes the storage belong to a library: writes its mark. */
  claim(library: string): Promise<void>;
  info(key: string): Promise<ObjectInfo | null>;
  /** As `info`, but `null` for a hidden object: the public route serves only what this finds. */
  publicInfo(key: string): Promise<ObjectInfo | null>;
  /**
   * Closes and opens the public addresses of objects, at once and as often as wanted. A missing
   * object is no error. `null` if everybody can get every key of this storage. To close an address,
   * the app then moves the object to a key that nobody is told.
   */
  readonly addresses: {
    hide(key: string): Promise<void>;
    show(key: string): Promise<void>;
  } | null;
  /** Reads the object, or a range that lies within it; `null` if the object is missing. */
  read(key: string, range?: ByteRange): Promise<Readable | null>;
  /** Deletes an object. Idempotent: a missing object is no error. */
  delete(key: string): Promise<void>;
  /** Lists every object, in no particular order. Never returns a partial list silently. */
  list(): AsyncIterable<ObjectInfo>;
  /**
   * Removes the remains of killed `put` calls that are older than `minAgeMs`. No reader sees them,
   * but they use space. Returns their number.
   */
  sweep(minAgeMs: number): Promise<number>;
  /** Returns the address a browser gets the object from. */
  publicUrl(key: string): string;
  /**
   * Returns the address to redirect a browser to; `null` when the app serves the bytes itself.
   *
   * @param downloadName file name that the browser saves the object under
   */
  redirectUrl(key: string, downloadName?: string): Promise<string | null>;
  /** Returns `null` when objects can be written and read, otherwise a sentence about the fault. */
  healthProblem(): Promise<string | null>;
  /** Returns `null`, or a sentence about a function that works less well than it could. */
  warning(): Promise<string | null>;
}

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly reason: 'exists' | 'bad_key' | 'failed';

  constructor(backend: string, reason: StorageError['reason'], message: string, cause?: unknown) {
    super(`[storage] [${backend}] ${message}`, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

/**
 * A UUID v4 in lower case and an extension. It cannot be a path, a hidden file or a device name.
 */
export const OBJECT_KEY = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[a-z0-9]{2,5}$/;

/**
 * `Cache-Control` of every object. Caches may keep it, but ask before each use. An address dies
 * when its item is deleted or gets a new one. The answer is mostly a 304 without bytes.
 */
export const OBJECT_CACHE_CONTROL = 'public, no-cache';

export function assertKey(backend: string, key: string): void {
  if (!OBJECT_KEY.test(key))
    throw new StorageError(backend, 'bad_key', `not an object key: ${JSON.stringify(key.slice(0, 80))}`);
}
