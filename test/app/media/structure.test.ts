import { glob, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { createStructureBudget } from '../../../app/media/metadata/structure-budget.ts';
import { withSource } from '../../../app/media/metadata/byte-ranges.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { COMPLEX_MAKERS } from '../../support/media/complex-files.ts';
import { blobOf } from '../../support/media/videos.ts';

const ROOT = join(import.meta.dirname, '../../..');

/**
 * Returns the modules that run on the same thread as the entries: all static and dynamic imports.
 * Type imports do not count.
 */
async function modulesFrom(...entries: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  const visit = async (file: string): Promise<void> => {
    if (found.has(file)) return;
    found.add(file);
    const source = await readFile(join(ROOT, file), 'utf8');
    const names = [
      ...source.matchAll(/^(?:import|export) (?!type )[^;']*?from '(\.[^']+)';/gm),
      ...source.matchAll(/\bimport\('(\.[^']+)'\)/g),
    ].map(([, name = '']) => relative(ROOT, join(ROOT, dirname(file), name)));
    for (const name of names) await visit(name);
  };
  for (const entry of entries) await visit(entry);
  return found;
}

async function filesOf(pattern: string): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: ROOT })) files.push(file);
  return files.toSorted();
}

/**
 * The main thread may read only bounded input. This is the first 64 bytes of a file, and the header
 * of a file that our ffmpeg wrote.
 */
const BOUNDED = new Set(['app/media/formats/sniff.ts', 'app/media/formats/ebml.ts']);
/** Arithmetic on one number, which both sides need. */
const SHARED = new Set([...BOUNDED, 'app/media/formats/frame-delay.ts']);

describe('the structure of a file', () => {
  it('is read in a worker thread only: the main thread imports none of the modules that do', async () => {
    const walkers = [...(await modulesFrom('app/media/metadata/strip.worker.ts'))];
    const main = await modulesFrom('app/main.ts', 'app/cli.ts');
    expect(main).toContain('app/media/upload.service.ts');
    for (const format of ['avif', 'gif', 'jpeg', 'mp4', 'png', 'webm', 'webp'])
      expect(walkers).toContain(`app/media/metadata/${format}.ts`);
    expect(walkers.filter((file) => main.has(file) && !SHARED.has(file))).toEqual([]);
    // A module that reads numbers out of bytes parses a file.
    const readers: string[] = [];
    for (const file of await filesOf('app/media/**/*.ts'))
      if (/\.(readU?Int|readBigU?Int|getU?int)\d*/i.test(await readFile(join(ROOT, file), 'utf8')))
        readers.push(file);
    expect(readers.filter((file) => walkers.includes(file)).length).toBeGreaterThan(5);
    expect(new Set(readers.filter((file) => main.has(file)))).toEqual(BOUNDED);
  });

  it('cannot be read in the main thread even by mistake', async () => {
    expect(() => createStructureBudget()).toThrow('in a worker thread only');
    await expect(withSource(import.meta.filename, async () => {})).rejects.toThrow('in a worker thread only');
  });
});

describe('files of more parts than are looked at', () => {
  let app: TestApp;
  let aino: Visitor;
  beforeAll(async () => {
    app = await createTestApp({ OCR: 'off', MAX_UPLOAD_MB: '20' });
    aino = await app.admin();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  it.each(Object.entries(COMPLEX_MAKERS))('%s', async (_name, make) => {
    const response = await aino.upload(blobOf(make(8)), 'meme.png');
    expect(errorBody.parse(await response.json())).toMatchObject({
      code: 'too_complex',
      message: expect.stringMatching(/more than \d+/),
    });
    expect(response.status).toBe(422);
    expect(await app.files()).toEqual([]);
  });
});
