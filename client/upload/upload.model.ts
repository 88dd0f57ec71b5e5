import { createSignal, type Accessor } from 'solid-js';
import type { MediaItem } from '../../app/media/media.schema.ts';
import { toApiError, type ApiError } from '../api/errors.ts';

export type UploadStatus =
  | { is: 'queued' | 'checking' | 'finishing' | 'cancelled' }
  | { is: 'sending'; sent: number }
  | { is: 'waiting'; why: 'connection' | 'session' }
  | { is: 'done'; item: MediaItem }
  | { is: 'duplicate'; id: string }
  | { is: 'failed'; error: ApiError };

export interface Upload {
  id: number;
  file: File;
  /** Where it stands; each has a signal of its own, so that progress of one touches no other. */
  status: Accessor<UploadStatus>;
}

/** What sending needs of the world. Every promise rejects with an ApiError. */
export interface UploadAdapter {
  /** The id of the item that holds this very file already, asked before a byte is sent. */
  findKnown(file: File, signal: AbortSignal): Promise<string | null>;
  /** Sends the file. `onProgress` gets the bytes sent so far. */
  send(file: File, onProgress: (sent: number) => void, signal: AbortSignal): Promise<MediaItem>;
  onDone(item: MediaItem): void;
  /** Nothing more will be done with the file: it is in the folder, or was refused or cancelled for good. */
  onSettled?(file: File): void;
}

/** Files on their way at the same time: enough to fill a line, few enough to leave it usable. */
const AT_ONCE = 3;

const ACTIVE = new Set<UploadStatus['is']>(['queued', 'checking', 'sending', 'finishing', 'waiting']);
const RETRYABLE = new Set<UploadStatus['is']>(['failed', 'cancelled', 'waiting']);
/** What a file is refused for that does not change by sending it again. */
const FINAL = new Set<ApiError['code']>([
  'unsupported_type',
  'broken_file',
  'empty_file',
  'too_many_pixels',
  'file_too_large',
  'unreadable_file',
]);

export const isActive = (upload: Upload): boolean => ACTIVE.has(upload.status().is);
export function canRetry(upload: Upload): boolean {
  const status = upload.status();
  return RETRYABLE.has(status.is) && !(status.is === 'failed' && FINAL.has(status.error.code));
}

/** The line of files on their way into the folder. */
export function createUploads(adapter: UploadAdapter) {
  const [uploads, setUploads] = createSignal<readonly OwnUpload[]>([]);
  const aborts = new Map<number, AbortController>();
  let lastId = 0;

  function pump(): void {
    for (const upload of uploads()) {
      if (aborts.size >= AT_ONCE) return;
      if (upload.status().is === 'queued') void run(upload);
    }
  }

  async function run({ id, file, status, setStatus }: OwnUpload): Promise<void> {
    const abort = new AbortController();
    aborts.set(id, abort);
    try {
      setStatus({ is: 'checking' });
      const known = await adapter.findKnown(file, abort.signal);
      abort.signal.throwIfAborted();
      if (known) {
        setStatus({ is: 'duplicate', id: known });
        return;
      }
      setStatus({ is: 'sending', sent: 0 });
      const onProgress = (sent: number) =>
        setStatus(sent < file.size ? { is: 'sending', sent } : { is: 'finishing' });
      const item = await adapter.send(file, onProgress, abort.signal);
      setStatus({ is: 'done', item });
      adapter.onDone(item);
    } catch (thrown) {
      setStatus(outcome(toApiError(thrown)));
    } finally {
      aborts.delete(id);
      settle(file, status());
      pump();
    }
  }

  function settle(file: File, { is, ...rest }: UploadStatus): void {
    const refused = is === 'failed' && 'error' in rest && FINAL.has(rest.error.code);
    if (is === 'done' || is === 'duplicate' || is === 'cancelled' || refused) adapter.onSettled?.(file);
  }

  function requeue(which: (upload: Upload) => boolean): void {
    for (const upload of uploads().filter(which)) upload.setStatus({ is: 'queued' });
    pump();
  }

  function cancel(id: number): void {
    const abort = aborts.get(id);
    const upload = uploads().find((each) => each.id === id);
    if (abort) abort.abort();
    else if (upload && isActive(upload)) {
      upload.setStatus({ is: 'cancelled' });
      settle(upload.file, upload.status());
    }
  }

  return {
    uploads: (): readonly Upload[] => uploads(),
    add(files: readonly File[]): void {
      setUploads((all) => [...all, ...files.map((file) => queued(++lastId, file))]);
      pump();
    },
    cancel,
    cancelAll: () => {
      for (const upload of uploads().filter(isActive)) cancel(upload.id);
    },
    retry: (id: number) => requeue((upload) => upload.id === id && canRetry(upload)),
    retryAll: () => requeue((upload) => upload.status().is === 'failed' && canRetry(upload)),
    /** Goes on with what waited for the connection or for signing in. */
    resume: (why: 'connection' | 'session') =>
      requeue((upload) => {
        const status = upload.status();
        return status.is === 'waiting' && status.why === why;
      }),
    /** Empties the list; what is still on its way stays. */
    clear: () => setUploads((all) => all.filter(isActive)),
  };
}

interface OwnUpload extends Upload {
  setStatus: (status: UploadStatus) => void;
}

function queued(id: number, file: File): OwnUpload {
  const [status, setStatus] = createSignal<UploadStatus>({ is: 'queued' });
  return { id, file, status, setStatus };
}

/** Where an upload stands after an error: what passes by itself waits, the rest is said. */
function outcome(error: ApiError): UploadStatus {
  switch (error.code) {
    case 'cancelled':
      return { is: 'cancelled' };
    case 'offline':
    case 'unavailable':
      return { is: 'waiting', why: 'connection' };
    case 'not_signed_in':
      return { is: 'waiting', why: 'session' };
    case 'already_here':
      return error.details.id ? { is: 'duplicate', id: error.details.id } : { is: 'failed', error };
    default:
      return { is: 'failed', error };
  }
}

/** What the list says as a whole. Progress is in bytes of what is neither cancelled nor failed. */
export function summarize(uploads: readonly Upload[]) {
  const sizes = { sent: 0, total: 0 };
  const count = { active: 0, done: 0, failed: 0, waiting: 0, retryable: 0 };
  for (const upload of uploads) {
    const { file } = upload;
    const status = upload.status();
    if (ACTIVE.has(status.is)) count.active += 1;
    if (status.is === 'waiting') count.waiting += 1;
    if (status.is === 'done' || status.is === 'duplicate') count.done += 1;
    if (status.is === 'failed') count.failed += 1;
    if (status.is === 'failed' && canRetry(upload)) count.retryable += 1;
    if (status.is === 'failed' || status.is === 'cancelled') continue;
    sizes.total += file.size;
    if (status.is === 'sending') sizes.sent += Math.min(status.sent, file.size);
    if (status.is === 'done' || status.is === 'duplicate' || status.is === 'finishing')
      sizes.sent += file.size;
  }
  return { ...count, progress: sizes.total > 0 ? sizes.sent / sizes.total : 0 };
}
