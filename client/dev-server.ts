import { spawn } from 'node:child_process';
import type { Plugin } from 'vite';

/**
 * Vite plugin for development: runs `node --watch app/main.ts` as a child for as long as the dev server lives, so
 * that one command starts both and a change on either side shows at once.
 */
export function serverProcess(listen: { host: string; port: number }): Plugin {
  return {
    name: 'meemikansio:server-process',
    apply: (_, env) => env.command === 'serve' && env.mode !== 'test',
    configureServer(vite) {
      // Once the port of the page is known: the server says the address to open, when it can answer.
      vite.httpServer?.once('listening', () => {
        const address = vite.httpServer?.address();
        const page = `http://localhost:${typeof address === 'object' && address ? address.port : ''}`;
        const args = ['--watch', '--watch-preserve-output', 'app/main.ts', `--page=${page}`];
        const child = spawn(process.execPath, args, {
          stdio: 'inherit',
          env: { ...process.env, HOST: listen.host, PORT: String(listen.port) },
        });
        const stop = () => child.kill('SIGTERM');
        vite.httpServer?.once('close', stop);
        process.once('exit', stop);
      });
    },
  };
}
