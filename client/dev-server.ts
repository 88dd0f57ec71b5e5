import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

/** First port of the page, as Vite's own. */
const FIRST_PAGE_PORT = 5173;
/** Ports that are tried after it. */
const MORE_PORTS = 100;

/** Address of the API server that `npm run dev` starts, to which Vite hands `/api`. */
export const apiAddress = (): { host: string; port: number } => ({
  host: '127.0.0.1',
  port: Number(process.env['PORT'] ?? 3000),
});

/**
 * Listens for the page on the first free port. Requests wait for `handler`, so the API server can
 * start and name the address before Vite is loaded.
 */
export async function listenForPage(handler: Promise<RequestListener>): Promise<Server> {
  for (let port = FIRST_PAGE_PORT; ; port++) {
    const server = createServer((request, response) => {
      // A failure of Vite ends the process.
      void handler.then((handle) => handle(request, response));
    });
    try {
      server.listen(port, 'localhost');
      await once(server, 'listening');
      return server;
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      if (!isTaken || port === FIRST_PAGE_PORT + MORE_PORTS) throw error;
    }
  }
}

/**
 * Runs `node --watch app/main.ts` until this process ends. Changes of the server restart it.
 *
 * @param page address that it prints once it can answer
 * @returns ends it
 */
export function startApi(page: string): () => void {
  const { host, port } = apiAddress();
  const args = ['--watch', '--watch-preserve-output', 'app/main.ts', `--page=${page}`];
  const child = spawn(process.execPath, args, {
    stdio: 'inherit',
    env: { ...process.env, HOST: host, PORT: String(port) },
  });
  const stop = () => void child.kill('SIGTERM');
  process.once('exit', stop);
  return stop;
}
