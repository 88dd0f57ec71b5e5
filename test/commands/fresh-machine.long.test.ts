import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFreshMachine, missingForFreshMachine, type FreshMachine } from '../support/fresh-machine.ts';
import { pictureOfWords } from '../support/media/pictures.ts';
import { blobOf, videoOf } from '../support/media/videos.ts';
import { freePort } from '../support/databases/proxy.ts';
import { register } from '../support/servers/http.ts';

// Runs both commands of the README on a machine with only Node 20, npm and git.

const MAX_INSTALLED_MB = 700;
const WORDS = ['Aamukahvi ensin', 'adventures later'] as const;

const missing = missingForFreshMachine();
if (missing !== undefined) process.stdout.write(`fresh machine: skipped. ${missing}\n`);

describe.skipIf(missing !== undefined)('a machine with Node 20, npm and git', () => {
  let machine: FreshMachine;
  beforeAll(() => {
    machine = makeFreshMachine();
  });
  afterAll(() => machine?.[Symbol.dispose]());

  it('installs the app by npm ci without a warning, in less than 700 MB', () => {
    const printed = machine.run('npm ci');
    expect(printed).toMatch(/^added \d+ packages/m);
    expect(printed).not.toMatch(/warn|deprecated|EBADENGINE/i);
    const sizes = execFileSync('du', ['-sm', join(machine.root, 'project/node_modules')], {
      encoding: 'utf8',
    });
    expect(Number.parseInt(sizes, 10)).toBeLessThan(MAX_INSTALLED_MB);
  });

  it('runs the app by npm start: an account, a picture and a video, found by their words', async () => {
    const began = performance.now();
    const url = `http://localhost:${await freePort()}`;
    const app = machine.start(`PORT=${new URL(url).port} npm start`);
    try {
      await expect
        .poll(() => app.ended() || app.output().includes(`meemikansio is at ${url}\n`), { timeout: 290_000 })
        .toBe(true);
      process.stdout.write(
        `fresh machine: npm start took ${Math.round((performance.now() - began) / 1000)} s\n`,
      );
      expect(app.output()).toMatch(/ffmpeg: videos need it; installing it by apt-get/);
      expect(app.output().slice(-2000)).toMatch(new RegExp(`\nmeemikansio is at ${url}\n$`));

      const aino = await register(url);
      const picture = await aino.upload(await pictureOfWords(...WORDS), 'aamu.png');
      const film = blobOf(await videoOf(await pictureOfWords('Iltapala', 'goodnight moon')), 'video/mp4');
      const video = await aino.upload(film, 'ilta.mp4');
      await expect.poll(async () => (await aino.item(picture.id)).text).toBe(WORDS.join('\n'));
      await expect.poll(async () => (await aino.item(video.id)).text).toMatch(/Iltapala/);
      const found = async (q: string) => (await aino.search(q)).items.map((item) => item.id);
      expect(await found('adventure')).toEqual([picture.id]);
      expect(await found('goodnight')).toEqual([video.id]);
    } finally {
      await app.stop();
    }
  });

  it('tests by npm test, which brings the tools', () => {
    const printed = machine.run('npm test -- test/commands/tools.test.ts test/app/config.test.ts');
    expect(printed).toMatch(/^tools: installing \d+ packages/m);
    expect(printed).toMatch(/\n\d+ passed, 0 failed, 0 skipped\n$/);
  });
});
