import { spawn } from 'node:child_process';
import type { Plugin } from 'vite';

/**
 * Vite plugin that runs `node --watch app/main.ts` as a child of the dev server. One command starts
 * both, and changes on either side show at once.
 */
export function serverProcess(listen: { host: string; port: number }): Plugin {
  return {
    name: 'meemikansio:server-process',
    apply: (_, env) => env.command === 'serve' && env.mode !== 'test',
    configureServer(vite) {
      // Waits for the page's port: the server prints the address once it can answer.
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
