import { pino, type Logger } from 'pino';

/**
 * Creates a logger of JSON lines on standard output. With `pretty`, a terminal shows them through
 * pino-pretty, if that is installed.
 *
 * @param pretty never in production: the transport is a development dependency
 * @param fd 2, standard error, for programs that print a result
 */
export function createLogger(level: string, pretty: boolean, fd: 1 | 2 = 1): Logger {
  // `data` is the payload of a failed job.
  const secrets = ['req.headers.cookie', 'req.headers.authorization', 'password', 'data.code'];
  const redact = { paths: secrets, remove: true };
  if (!pretty) return pino({ level, redact }, pino.destination(fd));
  return pino({ level, redact, transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } });
}
