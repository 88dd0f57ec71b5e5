import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '../../../app/http/errors.ts';
import { heicToJpeg } from '../../../app/media/formats/heic.ts';
import { HEIC_EXIT } from '../../../app/media/formats/heic.protocol.ts';
import { OVER_MEMORY } from '../../../app/util/watchdog.ts';
import { caseFile, expectLooksLike } from '../../support/cases.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-heic-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
const target = () => join(folder, `${(count += 1)}.jpg`);

describe('the conversion of a HEIC photo', () => {
  it('makes a JPEG of the same pixels', async () => {
    const path = target();
    await heicToJpeg(caseFile('photo.heic'), path);
    await expectLooksLike(await readFile(path), await readFile(caseFile('photo.expected.png')));
  });

  it('says of a damaged file that it is damaged', async () => {
    const whole = await readFile(caseFile('photo.heic'));
    const path = join(folder, 'half.heic');
    await writeFile(path, whole.subarray(0, whole.length / 2));
    await expect(heicToJpeg(path, target())).rejects.toMatchObject({ code: 'broken_file' });
  });

  it.each([
    ['has a missing module', "await import('libheif-js/there-is-none');", 'unavailable', /./],
    ['throws', "throw new Error('unexpected');", 'unavailable', /./],
    ['finds no room', "throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });", 'unavailable', /./],
    ['is killed', "process.kill(process.pid, 'SIGKILL');", 'unavailable', /./],
    ['crashes', "process.kill(process.pid, 'SIGSEGV');", 'unavailable', /./],
    ['hangs', 'setInterval(() => undefined, 1000);', 'unavailable', /./],
    ['refuses the file', `process.exit(${HEIC_EXIT.broken});`, 'broken_file', /damaged/],
    [
      'counts too many pixels',
      `process.exit(${HEIC_EXIT.tooManyPixels});`,
      'too_many_pixels',
      /50 megapixels/,
    ],
    [
      'takes too much memory',
      "process.stderr.write('It used 900 MB of memory; 550 MB are allowed.\\n', () => process.kill(process.pid, 'SIGKILL'));",
      'too_many_pixels',
      /550 MB/,
    ],
  ])('a process that %s', async (_what, program, code, words) => {
    const entry = join(folder, `${(count += 1)}.mjs`);
    await writeFile(entry, program);
    const timeoutMs = program.startsWith('setInterval') ? 300 : 30_000;
    const error: unknown = await heicToJpeg(caseFile('photo.heic'), target(), { entry, timeoutMs }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
  });

  it('says 503 when the process cannot be started', async () => {
    const error = heicToJpeg(caseFile('photo.heic'), target(), { entry: join(folder, 'nothing.mjs') });
    await expect(error).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('knows the sentence of the watchdog', () => {
    expect(OVER_MEMORY.test('x\nIt used 900 MB of memory; 550 MB are allowed.\n')).toBe(true);
  });
});
