/**
 * A disk, a quota or the limit of a process is used up: of our own files, or (53100 disk_full) of the database's, see
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const FULL = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', '53100']);

/** Whether an error, or what caused it, says that there is no room left. Passes when somebody makes some. */
export function isFull(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && FULL.has(String(at.code))) return true;
  return false;
}
