import { execFile } from 'node:child_process';
import { readdir, readFile, rm } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../../app/build.ts';
import { caseFile, expectLooksLike } from '../../support/cases.ts';

// Real: the bundle as in the image. It lies outside the project, so it cannot reach the project's
// packages.

const run = promisify(execFile);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp('/tmp/meemikansio-bundle-');
  await build(join(folder, 'server'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the bundled server', () => {
  it('has every program that runs in a process of its own', async () => {
    const files = await readdir(join(folder, 'server'));
    expect(files.filter((name) => name.endsWith('.process.js')).sort()).toEqual([
      'engine.process.js',
      'heic.process.js',
    ]);
  });

  it('converts a HEIC photo', async () => {
    const target = join(folder, 'photo.jpg');
    await run(process.execPath, [join(folder, 'server/heic.process.js'), caseFile('photo.heic'), target]);
    await expectLooksLike(await readFile(target), await readFile(caseFile('photo.expected.png')));
  });
});
