/**
 * The server cannot be found or is gone, going or full, all of which passes: failures of sockets and name lookups, and
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const UNAVAILABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
]);

/** pg's pool and client give these no code. */
const WITHOUT_CODE =
  /^(timeout exceeded when trying to connect|Connection terminated (unexpectedly|due to connection timeout)|Client has encountered a connection error)/;

/** Whether an error says that PostgreSQL cannot be reached just now, so that trying again makes sense. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // One address per family was tried, and each failed: https://nodejs.org/api/net.html#socketconnectoptions-connectlistener
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  if ('code' in error && UNAVAILABLE.has(String(error.code))) return true;
  return WITHOUT_CODE.test(error.message);
}
