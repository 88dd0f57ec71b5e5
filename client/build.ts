import { createHash } from 'node:crypto';
import { glob, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { build as Build } from 'vite';
import { z } from 'zod';
import { flush } from '../app/util/whole-file.ts';
import { BROWSERS } from './browsers.ts';
import type { BuiltShell } from './pwa/shell-cache.ts';

const root = join(import.meta.dirname, '..');
/** File with the hash of the inputs of the last complete build. */
const STAMP = '.inputs.sha256';
const COMPRESSIBLE = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest']);
const INPUTS = [
  'client/**/*',
  'app/**/*.{schema,limits,shared}.ts',
  'app/api-client.ts',
  'vite.config.ts',
  'package-lock.json',
];

/** Hashes the names and contents of all inputs. It ignores times, which git rewrites. */
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

/**
 * Writes `.br` and `.gz` beside every text file under `folder`, so that the server sends them
 * unchanged.
 */
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

/**
 * Builds the single-page app into `outDir` (absolute), completely or not at all. It builds beside
 * the target and renames at the end. A full disk or an aborted build leaves the old files. Builds
 * at the same time do not disturb each other; the last one stays.
 */
async function build(outDir: string, inputs: string): Promise<void> {
  const draft = `${outDir}.new-${process.pid}`;
  const before = `${outDir}.old-${process.pid}`;
  await removeRemains(outDir);
  try {
    await buildInto(draft);
    await writeFile(join(draft, STAMP), inputs);
    for await (const name of glob('**/*', { cwd: draft, withFileTypes: true }))
      if (name.isFile()) await flush(join(name.parentPath, name.name));
    await replace(outDir, draft, before);
  } finally {
    for (const folder of [draft, before]) await rm(folder, { recursive: true, force: true });
  }
}

/** Puts `draft` in the place of `outDir`, which moves to `before`. */
async function replace(outDir: string, draft: string, before: string): Promise<void> {
  for (;;) {
    await rm(before, { recursive: true, force: true });
    await rename(outDir, before).catch(unless('ENOENT'));
    const placed = await rename(draft, outDir).then(() => true, unless('ENOTEMPTY', 'EEXIST'));
    if (placed) return;
    // Another build has put its folder there between the two steps.
  }
}

/** Removes the folders of builds that were killed. */
async function removeRemains(outDir: string): Promise<void> {
  for await (const name of glob(`${basename(outDir)}.{new,old}-*`, { cwd: dirname(outDir) })) {
    const pid = Number(name.split('-').at(-1));
    if (pid !== process.pid && isRunning(pid)) continue;
    await rm(join(dirname(outDir), name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // or it belongs to another user, who made no folder here
  }
}

/** Accepts the errors with one of these codes; throws the others again. */
const unless =
  (...codes: string[]) =>
  (error: unknown): void => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (!codes.some((one) => one === code)) throw error;
  };

/**
 * Bundles and compresses. It always makes the production build: libraries read NODE_ENV, which the
 * shell or a test runner may set.
 */
async function buildInto(outDir: string): Promise<void> {
  process.env['NODE_ENV'] = 'production';
  // Imports vite late: an up-to-date folder must need no dev dependency.
  const vite = await import('vite');
  await vite.build({ configFile: join(root, 'vite.config.ts'), logLevel: 'warn', build: { outDir } });
  await writePreloads(outDir);
  await buildWorker(vite, outDir);
  await compress(outDir);
}

const viteManifest = z.record(
  z.string(),
  z.object({
    file: z.string(),
    imports: z.array(z.string()).default([]),
    css: z.array(z.string()).default([]),
  }),
);

/** Key of a part of a language's dictionary in the manifest of Vite (client/i18n/language.ts). */
const DICTIONARY = /^i18n\/languages\/(\w+)\.ts\?part=(\w+)$/;

/** Keys of the modules that the signed-in pages need without a connection. */
const OFFLINE_MODULES = [
  'routes.tsx',
  'library/offline-folder.ts',
  'viewer/viewer.tsx',
  'upload/uploader.tsx',
];

type Manifest = z.output<typeof viteManifest>;

const readManifest = async (outDir: string): Promise<Manifest> =>
  viteManifest.parse(JSON.parse(await readFile(join(outDir, '.vite/manifest.json'), 'utf8')));

/** Lists the paths of these modules with all that they import, each once. */
function pathsOf(manifest: Manifest, keys: readonly string[]): string[] {
  const filesOf = (key: string): string[] => {
    const { file, css, imports } = manifest[key] ?? { file: '', css: [], imports: [] };
    return [file, ...css, ...imports.flatMap(filesOf)];
  };
  return [...new Set(keys.flatMap(filesOf))].filter((file) => file !== '').map((file) => `/${file}`);
}

/** Groups the keys of dictionaries by language. A part `undefined` means all parts. */
function dictionariesOf(manifest: Manifest, wanted?: string): Map<string, string[]> {
  const byLanguage = new Map<string, string[]>();
  for (const key of Object.keys(manifest)) {
    const [, language, part] = DICTIONARY.exec(key) ?? [];
    if (language === undefined || (wanted !== undefined && part !== wanted)) continue;
    byLanguage.set(language, [...(byLanguage.get(language) ?? []), key]);
  }
  return byLanguage;
}

/**
 * Writes `preload.json`: the modules of the signed-in pages by language, besides those that
 * `index.html` names. The server sends them as preload links (app/static/preload-links.ts).
 */
async function writePreloads(outDir: string): Promise<void> {
  const html = await readFile(join(outDir, 'index.html'), 'utf8');
  const manifest = await readManifest(outDir);
  const byLanguage = [...dictionariesOf(manifest, 'common')].map(([language, keys]) => {
    const ahead = pathsOf(manifest, ['routes.tsx', ...keys]).filter((path) => !html.includes(path));
    return [language, ahead] as const;
  });
  await writeFile(join(outDir, 'preload.json'), JSON.stringify(Object.fromEntries(byLanguage)));
}

/**
 * Bundles the service worker as `sw.js` with the paths of all built files. It also names those that
 * the signed-in pages need without a connection, by language. The name stays and the
 * content changes with every release, which tells browsers of a new one. It is a classic script,
 * which all browsers accept.
 */
async function buildWorker(vite: { build: typeof Build }, outDir: string): Promise<void> {
  const files = ['/', '/icon.svg'];
  for await (const name of glob('assets/*.{js,css,woff2}', { cwd: outDir })) files.push(`/${name}`);
  files.sort();
  const release = createHash('sha256').update(files.join('\n'));
  for (const name of ['index.html', 'icon.svg']) release.update(await readFile(join(outDir, name)));
  const html = await readFile(join(outDir, 'index.html'), 'utf8');
  const manifest = await readManifest(outDir);
  const always = files.filter((path) => !path.startsWith('/assets/') || html.includes(`"${path}"`));
  const first = [...dictionariesOf(manifest)].map(([language, keys]) => {
    const needed = new Set([...always, ...pathsOf(manifest, [...OFFLINE_MODULES, ...keys])]);
    return [language, [...needed]] as const;
  });
  const shell: BuiltShell = {
    release: release.digest('hex').slice(0, 16),
    first: Object.fromEntries(first),
    files,
  };
  await vite.build({
    configFile: false,
    root: join(root, 'client'),
    publicDir: false,
    logLevel: 'warn',
    define: { __SHELL__: JSON.stringify(shell) },
    build: {
      outDir,
      emptyOutDir: false,
      target: BROWSERS,
      reportCompressedSize: false,
      rolldownOptions: {
        input: join(root, 'client/pwa/service-worker.ts'),
        output: { format: 'iife', entryFileNames: 'sw.js' },
      },
    },
  });
}

const { values: options } = parseArgs({
  options: {
    /** Builds only if an input changed since the last complete build. */
    'if-stale': { type: 'boolean', default: false },
    /** Output folder, relative to the project. */
    out: { type: 'string', default: 'dist/client' },
  },
});

const outDir = resolve(root, options.out);
const inputs = await hashInputs();
const built = await readFile(join(outDir, STAMP), 'utf8').catch(() => null);
if (options['if-stale'] && built === inputs) {
  console.log(`client: ${options.out} is up to date`);
} else {
  console.log(`client: building ${options.out}, about ten seconds`);
  const started = performance.now();
  await build(outDir, inputs);
  console.log(`client: built ${options.out} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
