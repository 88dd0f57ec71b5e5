import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Starts a server, sends one request, and stops it, so that Node writes its compile cache
 * (`NODE_COMPILE_CACHE`). Runs without a database while the image is built; that loads every module
 * of a start. Stands alone, because it is not part of the server.
 */
const [entry = 'server/main.js'] = process.argv.slice(2);
const PORT = '3999';
const START_TIMEOUT_MS = 60_000;

const settings = [
  `PORT=${PORT}`,
  'LOG_LEVEL=error',
  'JWT_SECRET=only-for-the-length-of-this-start',
  // Port 9 is the discard service, if it answers at all.
  'DATABASE_URL=postgres://nobody@127.0.0.1:9/none',
];
const server = spawn('env', [...settings, process.execPath, entry], { stdio: 'inherit' });
const ended = once(server, 'exit');

const deadline = Date.now() + START_TIMEOUT_MS;
for (const path of ['/api/health', '/', '/api/media']) await answered(path);
server.kill('SIGTERM');
const [code] = await ended;
process.exitCode = code === 0 ? 0 : 1;

async function answered(path: string): Promise<void> {
  while (Date.now() < deadline && server.exitCode === null) {
    try {
      const { status } = await fetch(`http://127.0.0.1:${PORT}${path}`);
      process.stdout.write(`warm-up: ${path} ${status}\n`);
      return;
    } catch {
      // The server does not listen yet.
      await sleep(100);
    }
  }
  throw new Error(`The server did not answer ${path}.`);
}
