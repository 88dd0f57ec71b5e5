/**
 * Codes of a used-up disk, quota or process limit. 53100 (disk_full) is PostgreSQL's, the others
 * are Node's: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const DISK_FULL_CODES = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', '53100']);

/**
 * Tells whether an error, or its cause, reports that no space is left. Retry makes sense once an
 * operator frees space.
 */
export function isFull(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && DISK_FULL_CODES.has(String(at.code))) return true;
  return false;
}
