import { createHash } from 'node:crypto';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const root = join(import.meta.dirname, '..');
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest']);
const INPUTS = ['client/**/*', 'app/**/*.schema.ts', 'vite.config.ts', 'package-lock.json'];

/** Hash over the names and contents of everything the build is made from; independent of times, which git rewrites. */
export async function hashInputs(): Promise<string> {
  const files: string[] = [];
  for await (const entry of glob(INPUTS, { cwd: root, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash('sha256');
  for (const file of files.sort())
    hash
      .update(file.slice(root.length))
      .update('\0')
      .update(await readFile(file));
  return hash.digest('hex');
}

/** Writes `.br` and `.gz` beside every text file under `folder`, for a server that sends them as they are. */
async function compress(folder: string): Promise<void> {
  for await (const name of glob('**/*', { cwd: folder })) {
    if (!COMPRESSIBLE.has(extname(name))) continue;
    const file = join(folder, name);
    const content = await readFile(file);
    const [brotli, gzipped] = await Promise.all([
      promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
      promisify(gzip)(content, { level: 9 }),
    ]);
    await Promise.all([writeFile(`${file}.br`, brotli), writeFile(`${file}.gz`, gzipped)]);
  }
}

/** Builds the single-page app into `outDir` (absolute) and compresses it. */
export async function build(outDir: string): Promise<void> {
  // Imported late: a folder that is up to date needs no dev dependency to say so.
  const vite = await import('vite');
  await vite.build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir } });
  await compress(outDir);
}

/** `--if-stale` builds only when an input changed since the last complete build. */
async function main(): Promise<void> {
  const outDir = join(root, 'dist/client');
  const stamp = join(outDir, '.inputs.sha256'); // emptied with the folder, written only after a complete build
  const inputs = await hashInputs();
  const built = await readFile(stamp, 'utf8').catch(() => '');
  if (process.argv.includes('--if-stale') && built === inputs) {
    console.log('client: dist/client is up to date');
    return;
  }
  const started = performance.now();
  await build(outDir);
  await writeFile(stamp, inputs);
  console.log(`client: built dist/client in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
