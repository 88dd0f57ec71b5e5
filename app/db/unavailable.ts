/**
 * Codes of a server that is not found, gone, stopping or full. All of them are temporary. They are
 * those of sockets and name lookups, and
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
  // connection_exception and its class: a pooler's report about the server behind it.
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  // read_only_sql_transaction: a standby during a failover.
  '25006',
  // too_many_connections
  '53300',
  // admin_shutdown
  '57P01',
  // crash_shutdown
  '57P02',
  // cannot_connect_now
  '57P03',
]);

/**
 * protocol_violation: PgBouncer sends it, then closes the connection, when it cannot reach the
 * server. The server itself uses the code for faults of a client, as a mere error.
 */
const POOLER_GAVE_UP = '08P01'; // protocol_violation

/** Messages of pg's pool and client that carry no code. */
const WITHOUT_CODE =
  /^(timeout exceeded when trying to connect|Connection terminated (unexpectedly|due to connection timeout)|Client has encountered a connection error)/;

/** Tells whether PostgreSQL is temporarily unreachable, so that a retry makes sense. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // Node tried one address per family, and each failed:
  // https://nodejs.org/api/net.html#socketconnectoptions-connectlistener
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  if ('code' in error && error.code === POOLER_GAVE_UP && 'severity' in error)
    return error.severity === 'FATAL';
  if ('code' in error && UNAVAILABLE.has(String(error.code))) return true;
  return WITHOUT_CODE.test(error.message);
}
