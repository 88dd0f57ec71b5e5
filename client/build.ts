import { createHash } from 'node:crypto';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const root = join(import.meta.dirname, '..');
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest']);
const INPUTS = ['client/**/*', 'app/**/*.schema.ts', 'vite.config.ts', 'package-lock.json'];

/** Hash over the names and contents of everything the build is made from; independent of times, which git rewrites. */
async function hashInputs(): Promise<string> {
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

/** What the service worker keeps: the page, everything hashed, and what it shows before anything else is there. */
async function shellOf(folder: string): Promise<{ url: string; revision: string | null }[]> {
  const shell: { url: string; revision: string | null }[] = [];
  for await (const name of glob(['index.html', 'theme.js', 'icon.svg', 'assets/*.{js,css}'], {
    cwd: folder,
  })) {
    const content = await readFile(join(folder, name));
    // A hashed name is its own revision.
    const revision = name.startsWith('assets') ? null : createHash('sha256').update(content).digest('hex');
    shell.push({ url: `/${name.replaceAll('\\', '/')}`, revision });
  }
  return shell.sort((a, b) => a.url.localeCompare(b.url));
}

/**
 * Builds the single-page app into `outDir` (absolute) and compresses it. Always the production build: libraries look at
 * NODE_ENV, whatever the shell or a test runner has set it to.
 */
async function build(outDir: string): Promise<void> {
  process.env['NODE_ENV'] = 'production';
  // Imported late: a folder that is up to date needs no dev dependency to say so.
  const vite = await import('vite');
  await vite.build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir } });
  await vite.build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: { __SHELL__: JSON.stringify(await shellOf(outDir)) },
    build: {
      outDir,
      emptyOutDir: false,
      // At the top and by this name: a worker may control only what lies below it.
      rolldownOptions: {
        input: join(root, 'client/pwa/sw.ts'),
        output: { format: 'iife', entryFileNames: 'sw.js' },
      },
    },
  });
  const { drawIcons } = await import('./icons.ts');
  await drawIcons(outDir);
  await compress(outDir);
}

const { values: options } = parseArgs({
  options: {
    /** Build only when an input changed since the last complete build. */
    'if-stale': { type: 'boolean', default: false },
    /** Where to, relative to the project. */
    out: { type: 'string', default: 'dist/client' },
  },
});

const outDir = resolve(root, options.out);
const stamp = join(outDir, '.inputs.sha256'); // emptied with the folder, written only after a complete build
const inputs = await hashInputs();
const built = await readFile(stamp, 'utf8').catch(() => null);
if (options['if-stale'] && built === inputs) {
  console.log(`client: ${options.out} is up to date`);
} else {
  const started = performance.now();
  await build(outDir);
  await writeFile(stamp, inputs);
  console.log(`client: built ${options.out} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
