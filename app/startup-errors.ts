import { isFull } from './util/disk-full.ts';

/** A start that cannot succeed. The message says in one sentence why and what to do. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
}

/** Time for a program on our port to identify itself as a meemikansio. */
const ASK_TIMEOUT_MS = 2000;

const NO_PERMISSION = new Set(['EACCES', 'EPERM', 'EROFS']);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/**
 * Explains a failed listen on `host` and `port` if the operator can fix it; otherwise returns the
 * error unchanged. Asks the program on the port whether it is one of ours.
 */
export async function explainListenError(error: unknown, host: string, port: number): Promise<unknown> {
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new StartupError(
        (await isMeemikansio(port))
          ? `meemikansio is already running at http://localhost:${port}. Open it there, or start a second one with another PORT and DATA_DIR.`
          : `Port ${port} is used by another program. Stop that program, or use another port, for example PORT=${port + 1} npm start.`,
        { cause: error },
      );
    case 'EACCES':
      return new StartupError(
        `Port ${port} needs more rights than this user has. Use a port above 1023, for example PORT=3000 npm start.`,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new StartupError(
        `${host} is no address of this machine. Set HOST to one of its addresses, or unset it for all.`,
        { cause: error },
      );
    default:
      return error;
  }
}

/** Explains in one sentence why a file cannot be written; `null` for any other error. */
export function explainFileError(error: unknown): string | null {
  if (isFull(error)) return 'The disk is full. Free some space, then start again.';
  if (!(error instanceof Error) || !NO_PERMISSION.has(codeOf(error)) || !('path' in error)) return null;
  return `There is no permission to write ${String(error.path)} (${codeOf(error)}). Give this user the directory, or set DATA_DIR to another one.`;
}

async function isMeemikansio(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/api/health`, {
      signal: AbortSignal.timeout(ASK_TIMEOUT_MS),
    });
    const body: unknown = await answer.json();
    return typeof body === 'object' && body !== null && 'status' in body && 'revision' in body;
  } catch {
    // The program on the port does not answer as ours does.
    return false;
  }
}
