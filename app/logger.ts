import { pino, type Logger } from 'pino';

/**
 * JSON lines on standard output; people in development see them through pino-pretty when it is there and the output
 * is a terminal.
 * @param pretty never in production: the transport is a development dependency
 * @param fd 2, standard error, for programs whose output is their answer
 */
export function createLogger(level: string, pretty: boolean, fd: 1 | 2 = 1): Logger {
  const redact = { paths: ['req.headers.cookie', 'req.headers.authorization', 'password'], remove: true };
  if (!pretty) return pino({ level, redact }, pino.destination(fd));
  return pino({ level, redact, transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } });
}
