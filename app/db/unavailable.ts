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
  '08000', // connection_exception, and the rest of its class, as poolers tell it of the server behind them
  '08001',
  '08003',
  '08004',
  '08006',
  '25006', // read_only_sql_transaction: a standby, in the middle of a failover
  '53300', // too_many_connections
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
]);

/**
 * What PgBouncer says when it has lost the server, or cannot reach it, before it closes the connection. The server itself uses
 * the code, as a mere error, for what a client does wrong.
 */
const POOLER_GAVE_UP = '08P01'; // protocol_violation

/** pg's pool and client give these no code. */
const WITHOUT_CODE =
  /^(timeout exceeded when trying to connect|Connection terminated (unexpectedly|due to connection timeout)|Client has encountered a connection error)/;

/** Whether an error says that PostgreSQL cannot be reached just now, so that trying again makes sense. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // One address per family was tried, and each failed: https://nodejs.org/api/net.html#socketconnectoptions-connectlistener
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  if ('code' in error && error.code === POOLER_GAVE_UP && 'severity' in error)
    return error.severity === 'FATAL';
  if ('code' in error && UNAVAILABLE.has(String(error.code))) return true;
  return WITHOUT_CODE.test(error.message);
}
