import { canEditMetadata, canRetry, isActive, type Upload } from './upload.model.ts';

/** Summary of all uploads. Bytes exclude cancelled and failed ones. */
export function summarize(uploads: readonly Upload[]) {
  const bytes = { sent: 0, total: 0 };
  const count = { files: 0, active: 0, done: 0, failed: 0, waiting: 0, retryable: 0, notable: 0 };
  for (const upload of uploads) {
    const size = upload.size();
    const status = upload.status();
    if (isActive(upload)) count.active += 1;
    if (canEditMetadata(upload)) count.notable += 1;
    if (status.is === 'waiting') count.waiting += 1;
    if (status.is === 'done' || status.is === 'duplicate') count.done += 1;
    if (status.is === 'failed') count.failed += 1;
    if (status.is === 'failed' && canRetry(upload)) count.retryable += 1;
    if (status.is === 'failed' || status.is === 'cancelled') continue;
    count.files += 1;
    bytes.total += size;
    if (status.is === 'sending') bytes.sent += Math.min(status.sent, size);
    if (status.is === 'done' || status.is === 'duplicate' || status.is === 'finishing') bytes.sent += size;
  }
  return { ...count, ...bytes, progress: bytes.total > 0 ? bytes.sent / bytes.total : 0 };
}

/**
 * Range of rows to render in a list of equal rows, with a margin on both sides. Heights in pixels.
 */
export function visibleRows(scrolled: number, height: number, row: number, count: number) {
  const OVERSCAN_ROWS = 4;
  const first = Math.max(0, Math.min(count, Math.floor(scrolled / row)) - OVERSCAN_ROWS);
  const last = Math.min(count, Math.ceil((scrolled + height) / row) + OVERSCAN_ROWS);
  return { first, last: Math.max(first, last) };
}

/**
 * Moves failed uploads to the top once nothing is active. Before that, rows keep their place under
 * the finger.
 */
export function inDisplayOrder(uploads: readonly Upload[]): readonly Upload[] {
  const failed = (upload: Upload) => upload.status().is === 'failed';
  if (uploads.some(isActive) || !uploads.some(failed)) return uploads;
  return [...uploads.filter(failed), ...uploads.filter((upload) => !failed(upload))];
}
