import { createSignal, type Accessor } from 'solid-js';
import type { FetchItem } from '../../app/fetches/fetches.schema.ts';
import type { MediaItem, MediaListItem } from '../../app/media/media.schema.ts';
import { ApiError, toApiError } from '../api/errors.ts';
import { addTags, EMPTY_METADATA, mergeMetadata, isSameMetadata, type UploadMetadata } from './metadata.ts';

export type UploadStatus =
  | { is: 'queued' | 'checking' | 'finishing' | 'cancelled' }
  | { is: 'sending'; sent: number }
  | { is: 'waiting'; why: 'connection' | 'session' }
  | { is: 'done'; item: MediaItem }
  | { is: 'duplicate'; id: string; inTrash: boolean }
  | { is: 'failed'; error: ApiError };

/** A file to upload. */
export interface FileToUpload {
  file: File;
  metadata?: UploadMetadata;
  /** Called when the file is in the library or has been rejected. */
  onSettled?: () => void;
}

/** An address from which the server gets the file. */
export interface AddressToUpload {
  address: string;
  /** A fetch that has begun before a reload. */
  fetchId?: string;
}

export type Source = FileToUpload | AddressToUpload;

export interface Upload {
  id: number;
  /** `null` for an upload by address. */
  file: File | null;
  /** Name of the file, or the address without `https://`. */
  name: string;
  /** Size of the file in bytes; 0 while that at an address is unknown. */
  size: Accessor<number>;
  /** The fetch on the server that goes on without this page. */
  fetch: Accessor<{ id: string; address: string } | null>;
  /** Status of the upload. Each has its own signal, so that progress of one updates no other. */
  status: Accessor<UploadStatus>;
  metadata: Accessor<UploadMetadata>;
  /** Why the title and tags could not be saved. */
  metadataError: Accessor<ApiError | null>;
  /** Whether an item was there that looks like the file. Its words may be others. */
  looksLike: Accessor<boolean>;
}

/** Side effects of an upload. Every promise rejects with an ApiError. */
export interface UploadAdapter {
  /**
   * Looks a file up before its upload. Returns the id of an item with the same content, or else of
   * one that looks like it.
   */
  findKnown(file: File, signal: AbortSignal): Promise<{ id: string | null; alike: string | null }>;
  /** Whether an item is in the trash. */
  inTrash(id: string): Promise<boolean>;
  /** Sends the file. `onProgress` receives the bytes sent so far. */
  send(
    file: File,
    metadata: UploadMetadata,
    onProgress: (sent: number) => void,
    signal: AbortSignal,
  ): Promise<MediaItem>;
  /** Called when an upload is cancelled: nothing of it stays on the server. */
  discard?(file: File): void;
  /** Asks the server to get the file at an address. Returns the id of the fetch. */
  startFetch(address: string, metadata: UploadMetadata): Promise<string>;
  /** Follows a fetch to its end, and returns it. `onProgress` receives it now and then. */
  followFetch(id: string, onProgress: (now: FetchItem) => void, signal: AbortSignal): Promise<FetchItem>;
  /** Gives a fetch up. */
  endFetch(id: string): Promise<void>;
  findItem(id: string): Promise<MediaItem>;
  /** Updates an item with metadata entered after its upload started. */
  describe(id: string, metadata: UploadMetadata): Promise<MediaItem>;
  restore(id: string): Promise<MediaItem>;
  /** Moves an item to the trash. */
  remove(item: MediaItem): Promise<void>;
  /**
   * Replaces an item that was there by an uploaded one, which gets all that it had. Returns the
   * uploaded item, and a function that undoes it.
   */
  replace(item: MediaItem, there: MediaListItem): Promise<{ item: MediaItem; undo: () => Promise<void> }>;
  onDone(item: MediaItem): void;
  /** Called when the file is finished: stored, rejected or cancelled. */
  onSettled?(file: File): void;
}

/**
 * Maximum number of parallel uploads: enough to fill a connection, few enough to leave it usable.
 */
const MAX_PARALLEL_UPLOADS = 3;

const ACTIVE = new Set<UploadStatus['is']>(['queued', 'checking', 'sending', 'finishing', 'waiting']);
const RETRYABLE = new Set<UploadStatus['is']>(['failed', 'cancelled', 'waiting']);
/** Rejections that a retry cannot change. */
const FINAL_CODES = new Set<ApiError['code']>([
  'unsupported_type',
  'video_unsupported',
  'broken_file',
  'empty_file',
  'too_many_pixels',
  'too_many_frames',
  'too_complex',
  'too_long',
  'file_too_large',
  'unreadable_file',
  'address_invalid',
  'address_refused',
  'fetch_off',
]);

export const isActive = (upload: Upload): boolean => ACTIVE.has(upload.status().is);
export function canRetry(upload: Upload): boolean {
  const status = upload.status();
  return RETRYABLE.has(status.is) && !(status.is === 'failed' && FINAL_CODES.has(status.error.code));
}
/** Whether the upload still accepts a title and tags: not if rejected, cancelled or a duplicate. */
export const canEditMetadata = (upload: Upload): boolean => isActive(upload) || upload.status().is === 'done';

/** The upload queue. */
export function createUploads(adapter: UploadAdapter) {
  const [uploads, setUploads] = createSignal<readonly OwnUpload[]>([]);
  const aborts = new Map<number, AbortController>();
  let lastId = 0;

  function startNext(): void {
    for (const upload of uploads()) {
      if (aborts.size >= MAX_PARALLEL_UPLOADS) return;
      // A fetch that waits on the server is queued, too.
      if (upload.status().is === 'queued' && !aborts.has(upload.id)) void run(upload);
    }
  }

  async function run(upload: OwnUpload): Promise<void> {
    const { id, source, setStatus } = upload;
    const abort = new AbortController();
    aborts.set(id, abort);
    try {
      let item: MediaItem;
      if ('address' in source) item = await fetchFile(upload, source.address, abort.signal);
      else {
        const { file } = source;
        setStatus({ is: 'checking' });
        const known = await adapter.findKnown(file, abort.signal);
        abort.signal.throwIfAborted();
        if (known.id !== null) {
          await settleAsDuplicate(upload, known.id);
          return;
        }
        upload.setLooksLike(known.alike !== null);
        setStatus({ is: 'sending', sent: 0 });
        const onProgress = (sent: number) =>
          setStatus(sent < file.size ? { is: 'sending', sent } : { is: 'finishing' });
        upload.savedMetadata = upload.metadata();
        item = await adapter.send(file, upload.metadata(), onProgress, abort.signal);
      }
      setStatus({ is: 'done', item });
      keepFormer(upload, item);
      adapter.onDone(item);
      upload.onSettled?.();
      void saveMetadata(upload);
    } catch (thrown) {
      await fail(upload, toApiError(thrown));
    } finally {
      aborts.delete(id);
      startNext();
    }
  }

  /** Lets the server get a file. A lost connection ends nothing: the fetch is followed later. */
  async function fetchFile(upload: OwnUpload, address: string, signal: AbortSignal): Promise<MediaItem> {
    try {
      upload.setStatus({ is: 'checking' });
      let id = upload.fetch()?.id;
      if (id === undefined) {
        upload.savedMetadata = upload.metadata();
        // Not aborted: a fetch whose id does not arrive could not be given up.
        id = await adapter.startFetch(address, upload.metadata());
        upload.setFetch({ id, address });
      }
      signal.throwIfAborted();
      const { failure, itemId } = await adapter.followFetch(id, (now) => showFetch(upload, now), signal);
      const item = failure === null && itemId !== null ? await adapter.findItem(itemId) : null;
      upload.setFetch(null);
      if (item) return item;
      throw new ApiError(failure ?? 'unknown', itemId === null ? {} : { details: { id: itemId } });
    } catch (thrown) {
      const error = toApiError(thrown);
      if (error.code === 'cancelled') endFetch(upload);
      else if (!goesOn(error)) upload.setFetch(null);
      throw error;
    }
  }

  /** Gives up the fetch of an upload. If that fails, the item appears in the folder. */
  function endFetch(upload: OwnUpload): void {
    const fetch = upload.fetch();
    if (fetch) adapter.endFetch(fetch.id).catch(() => {});
    upload.setFetch(null);
  }

  function showFetch(upload: OwnUpload, { state, receivedSize, totalSize }: FetchItem): void {
    upload.setSize(totalSize ?? 0);
    if (state === 'queued') upload.setStatus({ is: 'queued' });
    else if (state === 'fetching') upload.setStatus({ is: 'sending', sent: receivedSize });
    else if (state === 'storing') upload.setStatus({ is: 'finishing' });
  }

  /**
   * Takes over title and tags that the item has from before. It was in the trash of another member,
   * or it replaces another item. Otherwise those that are entered later would replace them.
   */
  function keepFormer(upload: OwnUpload, item: MediaItem): void {
    const sent = upload.savedMetadata;
    const former = {
      title: sent.title === '' ? item.title : '',
      tags: addTags(sent.tags, item.tags.join(',')).slice(sent.tags.length),
    };
    if (former.title === '' && former.tags.length === 0) return;
    const keep = ({ title, tags }: UploadMetadata) => ({
      title: title || former.title,
      tags: addTags(tags, former.tags.join(',')),
    });
    upload.savedMetadata = keep(sent);
    upload.setMetadata(keep(upload.metadata()));
  }

  async function fail(upload: OwnUpload, error: ApiError): Promise<void> {
    if (error.code === 'already_here' && error.details.id) {
      // Also covers a response that was lost on the way: the file is stored.
      await settleAsDuplicate(upload, error.details.id).catch((thrown: unknown) =>
        upload.setStatus(outcome(toApiError(thrown))),
      );
      return;
    }
    upload.setStatus(outcome(error));
    if (error.code === 'cancelled' || FINAL_CODES.has(error.code)) upload.onSettled?.();
  }

  async function settleAsDuplicate(upload: OwnUpload, id: string): Promise<void> {
    upload.setStatus({ is: 'duplicate', id, inTrash: await adapter.inTrash(id) });
    upload.onSettled?.();
  }

  /** Updates a stored item with metadata entered since its upload started. */
  async function saveMetadata(upload: OwnUpload): Promise<void> {
    const status = upload.status();
    if (status.is !== 'done' || upload.writing) return;
    upload.writing = true;
    try {
      while (!isSameMetadata(upload.savedMetadata, upload.metadata())) {
        const metadata = upload.metadata();
        upload.setStatus({ is: 'done', item: await adapter.describe(status.item.id, metadata) });
        upload.savedMetadata = metadata;
      }
      upload.setMetadataError(null);
    } catch (thrown) {
      upload.setMetadataError(toApiError(thrown));
    } finally {
      upload.writing = false;
    }
  }

  function requeue(which: (upload: Upload) => boolean): void {
    for (const upload of uploads().filter(which)) upload.setStatus({ is: 'queued' });
    startNext();
  }

  function cancel(id: number): void {
    const abort = aborts.get(id);
    const upload = uploads().find((each) => each.id === id);
    if (!upload || !isActive(upload)) return;
    if (abort) abort.abort();
    else {
      endFetch(upload);
      upload.setStatus({ is: 'cancelled' });
      upload.onSettled?.();
    }
    if (upload.file) adapter.discard?.(upload.file);
  }

  function applyMetadata(upload: OwnUpload, wanted: UploadMetadata): void {
    upload.setMetadata(wanted);
    void saveMetadata(upload);
  }

  return {
    uploads: (): readonly Upload[] => uploads(),
    add(sources: readonly Source[]): void {
      setUploads((all) => [...all, ...sources.map((source) => queued(++lastId, source))]);
      startNext();
    },
    cancel,
    cancelAll: () => {
      for (const upload of uploads().filter(isActive)) cancel(upload.id);
    },
    retry: (id: number) => requeue((upload) => upload.id === id && canRetry(upload)),
    retryAll: () => requeue((upload) => upload.status().is === 'failed' && canRetry(upload)),
    /** Resumes uploads that waited for the connection or for signing in. */
    resume: (why: 'connection' | 'session') => {
      requeue((upload) => {
        const status = upload.status();
        return status.is === 'waiting' && status.why === why;
      });
      for (const upload of uploads()) if (upload.metadataError()) void saveMetadata(upload);
    },
    /** Sets the title and tags of one upload, in any state that accepts them. */
    setMetadata: (id: number, wanted: UploadMetadata): void => {
      const upload = uploads().find((each) => each.id === id);
      if (upload && canEditMetadata(upload)) applyMetadata(upload, wanted);
    },
    /** Sets the title, if any, and adds the tags on all uploads that still accept them. */
    setMetadataForAll: (wanted: UploadMetadata): void => {
      for (const upload of uploads())
        if (canEditMetadata(upload)) applyMetadata(upload, mergeMetadata(upload.metadata(), wanted));
    },
    /** Restores the existing item of a duplicate from the trash. Rejects with an ApiError. */
    restore: async (id: number): Promise<void> => {
      const upload = uploads().find((each) => each.id === id);
      const status = upload?.status();
      if (!upload || status?.is !== 'duplicate') return;
      const item = await adapter.restore(status.id);
      upload.setStatus({ is: 'duplicate', id: status.id, inTrash: false });
      adapter.onDone(item);
    },
    /**
     * Moves the item of an upload to the trash, from where it can be restored. Rejects with an
     * ApiError.
     */
    takeBack: async (id: number): Promise<void> => {
      const upload = uploads().find((each) => each.id === id);
      const status = upload?.status();
      if (!upload || status?.is !== 'done') return;
      await adapter.remove(status.item);
      upload.setStatus({ is: 'duplicate', id: status.item.id, inTrash: true });
    },
    /**
     * Replaces an item that was there by that of an upload. Returns a function that undoes it;
     * `null` if the upload is not stored. Rejects with an ApiError.
     */
    replace: async (id: number, there: MediaListItem): Promise<(() => Promise<void>) | null> => {
      const upload = uploads().find((each) => each.id === id);
      const status = upload?.status();
      if (!upload || status?.is !== 'done') return null;
      const { item, undo } = await adapter.replace(status.item, there);
      upload.setStatus({ is: 'done', item });
      keepFormer(upload, item);
      return undo;
    },
    /** Removes finished uploads from the list; active ones stay. */
    clear: () => setUploads((all) => all.filter(isActive)),
  };
}

export type Uploads = ReturnType<typeof createUploads>;

interface OwnUpload extends Upload {
  source: Source;
  setSize: (size: number) => void;
  setFetch: (fetch: { id: string; address: string } | null) => void;
  setStatus: (status: UploadStatus) => void;
  setMetadata: (metadata: UploadMetadata) => void;
  setMetadataError: (error: ApiError | null) => void;
  setLooksLike: (looksLike: boolean) => void;
  onSettled: (() => void) | undefined;
  /** The metadata stored on the server. */
  savedMetadata: UploadMetadata;
  writing: boolean;
}

function queued(id: number, source: Source): OwnUpload {
  const file = 'file' in source ? source.file : null;
  const [size, setSize] = createSignal(file?.size ?? 0);
  const [fetch, setFetch] = createSignal(
    'address' in source && source.fetchId !== undefined
      ? { id: source.fetchId, address: source.address }
      : null,
  );
  const [status, setStatus] = createSignal<UploadStatus>({ is: 'queued' });
  const [metadata, setMetadata] = createSignal(('file' in source && source.metadata) || EMPTY_METADATA);
  const [metadataError, setMetadataError] = createSignal<ApiError | null>(null);
  const [looksLike, setLooksLike] = createSignal(false);
  return {
    id,
    source,
    file,
    name: 'file' in source ? source.file.name : source.address.replace(/^https?:\/\//i, ''),
    size,
    setSize,
    fetch,
    setFetch,
    onSettled: 'file' in source ? source.onSettled : undefined,
    status,
    setStatus,
    metadata,
    setMetadata,
    metadataError,
    setMetadataError,
    looksLike,
    setLooksLike,
    savedMetadata: EMPTY_METADATA,
    writing: false,
  };
}

/** Whether a fetch on the server goes on after an error of following it. */
const goesOn = (error: ApiError): boolean => outcome(error).is === 'waiting';

/** Status of an upload after an error: it waits after transient errors and fails after others. */
function outcome(error: ApiError): UploadStatus {
  switch (error.code) {
    case 'cancelled':
      return { is: 'cancelled' };
    case 'offline':
    case 'unavailable':
      return { is: 'waiting', why: 'connection' };
    case 'not_signed_in':
      return { is: 'waiting', why: 'session' };
    default:
      return { is: 'failed', error };
  }
}
