import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inlineScriptSources } from '../../../app/static/inline-scripts.ts';
import { LANGUAGES } from '../../../client/i18n/language.ts';
import * as english from '../../../client/i18n/languages/en.ts';

const LANGUAGE_CODES = Object.keys(LANGUAGES);

/**
 * Budgets of the first load, gzip, in bytes (1,000 to the kB). At 41 kB of JS, half is libraries:
 * Solid 6, its router 5, TanStack Query 10. The folder page is 10, its texts 1.3, and the names of
 * the parts that are loaded later 0.8.
 */
const JS_BUDGET = 45_000;
const CSS_BUDGET = 10_000;

/** Budget of the brand face, both files, in bytes. It comes on top of the others. */
const FONT_BUDGET = 30_000;

/** Budget of the mascot's motion, gzip, in bytes. */
const MASCOT_BUDGET = 3000;

/** Budget of each file that is loaded later. A larger one delays what needs a part of it. */
const LATER_BUDGET = 15_000;

const manifestSchema = z.record(
  z.string(),
  z.object({
    file: z.string(),
    imports: z.array(z.string()).default([]),
    css: z.array(z.string()).default([]),
  }),
);

let folder = '';
let html = '';
let manifest: z.output<typeof manifestSchema> = {};

const run = async (...options: string[]) =>
  (await promisify(execFile)(process.execPath, ['client/build.ts', ...options])).stdout;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-client-'));
  await run('--out', folder);
  html = await readFile(join(folder, 'index.html'), 'utf8');
  manifest = manifestSchema.parse(JSON.parse(await readFile(join(folder, '.vite/manifest.json'), 'utf8')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Lists the files that a lazy module loads, including shared ones. */
function filesOf(key: string): string[] {
  const chunk = manifest[key];
  if (!chunk) throw new Error(`The build has no chunk ${key}.`);
  return [chunk.file, ...chunk.css, ...chunk.imports.flatMap(filesOf)];
}

/** The manifest's key of a part of a language's dictionary. */
const dictionary = (language: string, part = 'common') => `i18n/languages/${language}.ts?part=${part}`;

/** Lists the files that the page requests before any script runs. */
const pageFiles = () =>
  [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, file]) => file ?? '');

/** Sums the gzip bytes of a page that needs these lazy modules. */
async function weigh(...lazy: string[]) {
  const bytes = { js: 0, css: 0 };
  for (const file of new Set([...pageFiles(), ...lazy.flatMap(filesOf)])) {
    const size = gzipSync(await readFile(join(folder, file)), { level: 9 }).length;
    bytes[file.endsWith('.css') ? 'css' : 'js'] += size;
  }
  return bytes;
}

describe('the build', () => {
  it.each([
    ...LANGUAGE_CODES.map(
      (language) => [`the folder in ${language}`, [dictionary(language), 'routes.tsx']] as const,
    ),
    ['signing in', [dictionary('en'), 'auth/sign-in-page.tsx']] as const,
  ])('keeps the first load of %s within its budget, the language included', async (_, lazy) => {
    const { js, css } = await weigh(...lazy);
    expect(js).toBeGreaterThan(20_000);
    expect(js).toBeLessThanOrEqual(JS_BUDGET);
    expect(css).toBeGreaterThan(2000);
    expect(css).toBeLessThanOrEqual(CSS_BUDGET);
  });

  it('says what the pages behind the sign-in are made of, for the server to have it fetched early', async () => {
    const ahead: unknown = JSON.parse(await readFile(join(folder, 'preload.json'), 'utf8'));
    const parts = (language: string) =>
      [...new Set(['routes.tsx', dictionary(language)].flatMap(filesOf))]
        .filter((file) => !pageFiles().includes(file))
        .map((file) => `/${file}`);
    expect(parts('fi').length).toBeGreaterThan(2);
    expect(ahead).toEqual(Object.fromEntries(LANGUAGE_CODES.map((language) => [language, parts(language)])));
  });

  it('leaves what is not needed at first out of the first load', () => {
    for (const key of [
      'viewer/viewer.tsx',
      'upload/uploader.tsx',
      'auth/sign-in-page.tsx',
      dictionary('fi'),
    ]) {
      expect(pageFiles()).not.toContain(filesOf(key)[0]);
    }
  });

  it('splits what is loaded later into parts', async () => {
    const later = Object.values(manifest).flatMap(({ file }) => (file.endsWith('.js') ? [file] : []));
    expect(later.length).toBeGreaterThan(30);
    for (const file of later.filter((name) => !/\/(?:first|routes)-/.test(name)))
      expect(gzipSync(await readFile(join(folder, file))).length, file).toBeLessThanOrEqual(LATER_BUDGET);
  });

  it('keeps the brand face within its budget, outside the way of the first pictures, and offline', async () => {
    const fonts = (await readdir(join(folder, 'assets'))).filter((name) => name.endsWith('.woff2'));
    expect(fonts).toHaveLength(2);
    let bytes = 0;
    for (const name of fonts) bytes += (await stat(join(folder, 'assets', name))).size;
    expect(bytes).toBeLessThanOrEqual(FONT_BUDGET);
    expect(html).not.toContain('woff2');
    const worker = await readFile(join(folder, 'sw.js'), 'utf8');
    for (const name of fonts) expect(worker).toContain(`/assets/${name}`);
  });

  it('moves the mascot by little, after the first screen', async () => {
    const [file = ''] = filesOf('ui/mascot.ts');
    expect(gzipSync(await readFile(join(folder, file))).length).toBeLessThanOrEqual(MASCOT_BUDGET);
    expect([...pageFiles(), ...filesOf('routes.tsx')]).not.toContain(file);
  });

  it('does not name the first files again in what lists the files of a later part', async () => {
    for (const file of [...pageFiles(), ...filesOf('routes.tsx')].filter((name) => name.endsWith('.js'))) {
      const [list = ''] = /^const __vite__mapDeps=.*/.exec(await readFile(join(folder, file), 'utf8')) ?? [];
      expect(list).not.toMatch(/first-[\w-]+\.js/);
    }
  });

  it.each(LANGUAGE_CODES)(
    'puts each part of the dictionary of %s into a chunk of its own',
    async (language) => {
      const { manifest: _, ownName: _name, ...parts } = english;
      for (const [part, messages] of Object.entries(parts)) {
        const code = await readFile(join(folder, filesOf(dictionary(language, part))[0] ?? ''), 'utf8');
        expect(code).toContain(Object.keys(messages)[0]);
        for (const [other, otherMessages] of Object.entries(parts))
          if (other !== part) expect(code).not.toContain(Object.keys(otherMessages)[0]);
      }
    },
  );

  it('writes a web app manifest for every language', async () => {
    for (const language of LANGUAGE_CODES) {
      const written: unknown = JSON.parse(
        await readFile(join(folder, `manifest.${language}.webmanifest`), 'utf8'),
      );
      expect(written).toMatchObject({ lang: language, share_target: { action: '/share', method: 'POST' } });
    }
    expect(JSON.parse(await readFile(join(folder, 'manifest.fi.webmanifest'), 'utf8'))).toMatchObject({
      shortcuts: [{ name: 'Videot' }, { name: 'Kutsu kaveri' }],
    });
  });

  it('keeps the schema library out of the browser', async () => {
    for (const { file } of Object.values(manifest)) {
      expect(await readFile(join(folder, file), 'utf8')).not.toMatch(/ZodError|invalid_type/);
    }
  });

  it('puts finished messages into a dictionary, without what they are made of', async () => {
    for (const [language, words] of [
      ['en', 'MP4, WebM or MOV'],
      ['fi', 'MP4, WebM tai MOV'],
    ] as const) {
      const [file = ''] = filesOf(dictionary(language, 'errors'));
      const messages = await readFile(join(folder, file), 'utf8');
      expect(messages).toContain(words);
      expect(messages).not.toContain('ListFormat');
    }
    for (const file of pageFiles())
      expect(await readFile(join(folder, file), 'utf8')).not.toContain('image/heic');
  });

  it('compresses every text file, losslessly', async () => {
    const files = await readdir(folder, { recursive: true });
    const texts = files.filter((file) => /\.(?:html|js|css|svg)$/.test(file));
    expect(texts.length).toBeGreaterThan(8);
    for (const file of texts) {
      const content = await readFile(join(folder, file));
      expect(brotliDecompressSync(await readFile(join(folder, `${file}.br`)))).toEqual(content);
      expect(gunzipSync(await readFile(join(folder, `${file}.gz`)))).toEqual(content);
    }
  });

  it('has a page that a strict content security policy lets through', () => {
    // Its one inline script is the theme's, which the server allows by its hash.
    const inline = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([^<]*)/g)].map(([script]) => script);
    expect(inline).toEqual([expect.stringMatching(/^<script>.*dataset\.theme/)]);
    expect(inlineScriptSources(html)).toMatch(/^'sha256-[\w+/]{43}='$/);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
    expect(html).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
  });

  it('has no style attribute in any template: the same policy would drop it', async () => {
    const scripts = (await readdir(join(folder, 'assets'))).filter((name) => name.endsWith('.js'));
    for (const name of scripts) {
      expect(await readFile(join(folder, 'assets', name), 'utf8')).not.toMatch(/<[a-z][\w-]*[^<>`]*\sstyle=/);
    }
  });

  it('names every asset by its content, so that it may be kept for ever', async () => {
    const assets = (await readdir(join(folder, 'assets'))).filter((name) => /\.(?:js|css|woff2)$/.test(name));
    for (const name of assets) expect(name).toMatch(/-[\w-]{8}\.\w+$/);
  });
});

describe('node client/build.ts --if-stale', () => {
  it('builds only what is out of date, and says before and after what it does', async () => {
    expect(await run('--if-stale', '--out', folder)).toBe(`client: ${folder} is up to date\n`);
    await rm(join(folder, 'index.html'));
    await writeFile(join(folder, '.inputs.sha256'), 'of another time');
    expect(await run('--if-stale', '--out', folder)).toMatch(
      /^client: building \S+, about ten seconds\nclient: built \S+ in [\d.]+ s\n$/,
    );
    expect(await readFile(join(folder, 'index.html'), 'utf8')).toBe(html);
  });

  it('runs beside another build into the same folder, and leaves a complete page and nothing else', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'meemikansio-builds-'));
    const out = join(parent, 'client');
    // The remains of a build that was killed: no process has this number.
    await mkdir(join(parent, 'client.new-4194305'));
    const both = await Promise.all([1, 2].map(() => run('--if-stale', '--out', out)));
    for (const printed of both) expect(printed).toMatch(/\nclient: built /);
    expect(await readdir(parent)).toEqual(['client']);
    const files = async (root: string) => (await readdir(root, { recursive: true })).toSorted();
    expect(await files(out)).toEqual(await files(folder));
    await rm(parent, { recursive: true, force: true });
  });
});
