import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import sharp from 'sharp';
import { COMPLEX_MAKERS } from '../support/media/complex-files.ts';
import { gifOfFrames, MAKERS } from '../support/media/specimens.ts';
import { blobOf } from '../support/media/videos.ts';
import type { Person } from '../support/servers/http.ts';
import type { ServerProcess } from '../support/servers/server.ts';
import { watchMemory } from './process-tree.ts';

/** Environment of a server whose event loop is watched. */
export const WATCHED = { NODE_OPTIONS: `--import=${join(import.meta.dirname, 'loop-delay.ts')}` };

/** Size of each file, in 10^6 bytes: the size of a file that once crashed the process. */
const MEGABYTES = 15;

/**
 * Sends every file whose structure is the attack. Reports each answer and the longest block of the
 * server's event loop meanwhile. At the end reports the longest block of all and the peak of
 * memory.
 */
export async function hostile(
  server: ServerProcess,
  aino: Person,
  print: (line: string) => void,
): Promise<void> {
  const files: [string, () => Buffer | Promise<Buffer>][] = [
    ...Object.entries(COMPLEX_MAKERS).map(([name, make]): [string, () => Buffer] => [
      name,
      () => make(MEGABYTES),
    ]),
    ['GIF of 50,000 frames', () => gifOfFrames(50_000)],
    ['JPEG of restart markers', () => withMarkers()],
    ['noise behind the start of a PNG', () => behind('\u0089PNG\r\n\u001a\n')],
    ['for comparison: noise of no format', () => randomBytes(MEGABYTES * 1e6)],
    ['for comparison: an honest JPEG', () => photo()],
  ];
  const stop = watchMemory(server.pid);
  let longest = 0;
  print('| hostile file | answer | longest block of the event loop |');
  print('|---|---|---|');
  for (const [name, make] of files) {
    const bytes = await make();
    await blockOf(server); // resets the measurement
    const body = new FormData();
    body.set('file', blobOf(bytes), name);
    const headers = { origin: server.url, cookie: aino.cookie };
    const { status } = await fetch(`${server.url}/api/media`, { method: 'POST', body, headers });
    const block = await blockOf(server);
    if (status !== 201 && status !== 415) longest = Math.max(longest, block);
    print(`| ${name}, ${(bytes.length / 1e6).toFixed(1)} MB | ${status} | ${block} ms |`);
  }
  const { shared } = stop();
  print(`longest block of the event loop over all hostile files: ${longest} ms (goal: at most 50)`);
  print(`peak of memory with them: ${Math.round(shared / 1e6)} MB, shared pages counted once`);
}

/** Returns the longest block since the last call, milliseconds. */
async function blockOf(server: ServerProcess): Promise<number> {
  const before = server.output().length;
  process.kill(server.pid, 'SIGUSR2');
  for (;;) {
    const found = /longest block (-?[\d.]+) ms/.exec(server.output().slice(before));
    if (found) return Math.max(0, Number(found[1]));
    await new Promise((wake) => setTimeout(wake, 5));
  }
}

async function withMarkers(): Promise<Buffer> {
  const jpeg = await MAKERS.jpeg();
  return Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(MEGABYTES * 1e6, '\u00ff\u00d0', 'latin1')]);
}

/** Makes a noise picture as large as the other files. */
const photo = () =>
  sharp(randomBytes(3200 * 2400 * 3), { raw: { width: 3200, height: 2400, channels: 3 } })
    .jpeg({ quality: 97 })
    .toBuffer();

const behind = (signature: string) =>
  Buffer.concat([Buffer.from(signature, 'latin1'), randomBytes(MEGABYTES * 1e6)]);
