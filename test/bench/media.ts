import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp, { type Sharp } from 'sharp';
import { register, type Person } from '../support/servers/http.ts';
import { startServer, type ServerProcess } from '../support/servers/server.ts';
import { animated } from '../support/media/specimens.ts';
import { blobOf, ffmpeg, pattern } from '../support/media/videos.ts';
import { bareStart, build, BUNDLE, median } from './bundle.ts';
import { hostile, WATCHED } from './hostile.ts';
import { cpuOf, watchMemory } from './process-tree.ts';

/**
 * `npm run bench -- media` (`media memory`, `media hostile` for these parts alone): measures the
 * cost of an upload. The server is bundled and has its own database, as in the image. The bench
 * draws its pictures: a soft photo-like field with grain. OCR is off, so that only the renditions
 * are measured. The memory bound is measured with OCR.
 */

const ROUNDS = 7;
/** The malloc setting of the Dockerfile. */
const IMAGE = { MALLOC_ARENA_MAX: '2' };

/** Draws a picture that compresses like a photo, a different one on each call. */
async function photo(width: number, height: number): Promise<Sharp> {
  const noise = (sigma: number) => ({ type: 'gaussian', mean: 128, sigma }) as const;
  const field = (w: number, h: number, sigma: number) =>
    sharp({ create: { width: w, height: h, channels: 3, background: '#888', noise: noise(sigma) } });
  const shapes = await field(Math.ceil(width / 16), Math.ceil(height / 16), 60)
    .png()
    .toBuffer();
  const grain = await field(width, height, 9).png().toBuffer();
  return sharp(shapes)
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .composite([{ input: grain, blend: 'soft-light' }]);
}

const encoded = new Map<string, Buffer>();
let videos = 0;

/** Makes a clip with grain, encoded once. A box that players skip makes every copy unique. */
function video(size: string, seconds: number, bitrate: string): Buffer {
  const bytes = encoded.get(size) ?? encode(size, seconds, bitrate);
  encoded.set(size, bytes);
  return padded(bytes, bytes.length + 64, ++videos);
}

const encode = (size: string, seconds: number, bitrate: string) =>
  ffmpeg(
    [
      ['-f', 'lavfi', '-i', `${pattern({ size, seconds, rate: 30 })},noise=alls=10:allf=t`],
      ['-c:v', 'libx264', '-preset', 'ultrafast', '-b:v', bitrate, '-pix_fmt', 'yuv420p'],
    ].flat(),
    'mp4',
  );

/**
 * `before`: milliseconds until the response with its thumbnail, of the Rust system this app
 * replaces. Measured on the same kind of machine.
 */
const CASES: { name: string; make: () => Promise<Buffer>; before: number }[] = [
  {
    name: '1 MP JPEG',
    make: async () => (await photo(1200, 833)).jpeg({ quality: 88 }).toBuffer(),
    before: 50,
  },
  {
    name: '12 MP JPEG',
    make: async () => (await photo(4000, 3000)).jpeg({ quality: 88 }).toBuffer(),
    before: 271,
  },
  {
    name: '2 MP PNG',
    make: async () => (await photo(1600, 1250)).png({ compressionLevel: 3 }).toBuffer(),
    before: 59,
  },
  { name: '40-frame GIF', make: () => animated('gif', 40, 240), before: 7 },
  { name: '5 s 720p MP4', make: async () => video('1280x720', 5, '4M'), before: 287 },
  { name: '20 s 1080p MP4', make: async () => video('1920x1080', 20, '8M'), before: 482 },
];

const mb = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
const print = (line: string) => void process.stdout.write(`${line}\n`);

async function withServer(
  env: Record<string, string>,
  use: (server: ServerProcess, aino: Person) => Promise<void>,
) {
  const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-bench-'));
  try {
    await using server = await startServer({
      dataDir,
      env: { LOG_LEVEL: 'warn', ...IMAGE, ...env },
      command: [process.execPath, BUNDLE],
    });
    await use(server, await register(server.url));
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function ready(aino: Person, id: string) {
  for (;;) {
    const item = await aino.item(id);
    if (item.state !== 'processing') return item;
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

async function single(server: ServerProcess, aino: Person) {
  print('| file | to 201 | to all renditions | Rust, to thumbnail | CPU s | thumbnail |');
  print('|---|---|---|---|---|---|');
  for (const { name, make, before } of CASES) {
    const files = await Promise.all(Array.from({ length: ROUNDS + 1 }, make));
    const kept: number[] = [];
    const all: number[] = [];
    const thumbs: number[] = [];
    // Encoding blocked this process. First let it notice the connections that the server closed
    // meanwhile.
    await sleep(100);
    const cpu: number[] = [];
    for (const [round, bytes] of files.entries()) {
      const cpuBefore = cpuOf(server.pid);
      const started = performance.now();
      const { id } = await aino.upload(blobOf(bytes), name);
      const answered = performance.now() - started;
      const item = await ready(aino, id);
      if (round === 0) continue; // the first upload of a kind loads code
      kept.push(answered);
      all.push(performance.now() - started);
      cpu.push(cpuOf(server.pid) - cpuBefore);
      const thumb = await fetch(server.url + (item.thumbUrl ?? ''));
      thumbs.push((await thumb.arrayBuffer()).byteLength);
    }
    const ms = (values: number[]) => `${Math.round(median(values))} ms`;
    print(
      `| ${name} | ${ms(kept)} | ${ms(all)} | ${before} ms | ${median(cpu).toFixed(2)} | ${(median(thumbs) / 1000).toFixed(1)} kB |`,
    );
  }
}

async function throughput(server: ServerProcess, aino: Person) {
  const files = await Promise.all(
    Array.from({ length: 100 }, async () => (await photo(1200, 833)).jpeg({ quality: 88 }).toBuffer()),
  );
  const cpuBefore = cpuOf(server.pid);
  const started = performance.now();
  const queue = [...files];
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let next = queue.pop(); next; next = queue.pop()) await aino.upload(blobOf(next), 'photo.jpg');
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  const cpu = (cpuOf(server.pid) - cpuBefore) / files.length;
  print(
    `100 JPEGs of 1 MP at 4: ${(100 / seconds).toFixed(0)} items/s, ${cpu.toFixed(3)} CPU s each (Rust: 38 items/s, 0.049)`,
  );
}

async function memory(name: string, files: readonly Buffer[]) {
  await withServer({}, async (server, aino) => {
    const stop = watchMemory(server.pid);
    const ids = await Promise.all(files.map((bytes) => aino.upload(blobOf(bytes), name)));
    for (const { id } of ids) await ready(aino, id);
    const { total, shared, server: main, byName } = stop();
    const parts = [...byName].map(([process, bytes]) => `${process} ${mb(bytes)}`).join(', ');
    print(
      `${name}: peak ${mb(total)} of resident memory in all processes together, ${mb(shared)} with shared pages counted ` +
        `once (the server ${mb(main)}; by name each at most: ${parts})`,
    );
  });
}

const padded = (bytes: Buffer, size: number, i: number) =>
  Buffer.concat([bytes, freeBox(size - bytes.length, i)]);

/** Makes a `free` box, which players skip. It brings a video to the wanted size. */
function freeBox(size: number, mark: number): Buffer {
  const box = Buffer.alloc(size, mark);
  box.writeUInt32BE(size, 0);
  box.write('free', 4, 'latin1');
  return box;
}

build();
print(
  `the machine: node -e 0 takes ${bareStart(ROUNDS).toFixed(0)} ms (20 ms where the Rust figures are from)`,
);
print(
  `load of the machine at the start: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`,
);
if (process.argv[3] !== 'memory' && process.argv[3] !== 'hostile')
  await withServer({ OCR: 'off' }, async (server, aino) => {
    await single(server, aino);
    await throughput(server, aino);
  });
await withServer({ OCR: 'off', ...WATCHED }, (server, aino) => hostile(server, aino, print));
if (process.argv[3] === 'hostile') process.exit(0);
const clip = encode('1920x1080', 10, '8M');
await memory(
  '8 videos of 45 MB at once',
  Array.from({ length: 8 }, (_, i) => padded(clip, 45_000_000, i + 1)),
);
const photos: Buffer[] = [];
for (let i = 0; i < 20; i++) photos.push(await (await photo(4000, 3000)).jpeg({ quality: 90 }).toBuffer());
await memory('20 photos of 12 MP at once', photos);
const wide = sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: '#345' } });
await memory('one PNG of 12,000 × 12,000', [await wide.png().toBuffer()]);
print(
  `load of the machine at the end: ${loadavg()
    .map((load) => load.toFixed(1))
    .join(' ')}`,
);
