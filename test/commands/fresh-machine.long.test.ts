import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  makeFreshMachine,
  missingForFreshMachine,
  type FreshMachine,
} from '../support/fresh-machine/fresh-machine.ts';
import { pictureOfWords } from '../support/media/pictures.ts';
import { blobOf, videoOf } from '../support/media/videos.ts';
import { register } from '../support/servers/http.ts';

// Runs both commands of the README on a machine with only Node 20, npm and git. Of the network it
// has only the registries of npm and Debian.

const MAX_INSTALLED_MB = 700;
const WORDS = ['Aamukahvi ensin', 'adventures later'] as const;
const README = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

/** Other hosts that are asked in vain, and what is used instead. */
const REPLACED: Record<string, string> = {
  'github.com': "ffmpeg-static's binary: Debian's ffmpeg",
  'cdn.playwright.dev': "Playwright's browser: Debian's chromium",
  'playwright.download.prss.microsoft.com': "Playwright's browser: Debian's chromium",
};

const missing = missingForFreshMachine();
if (missing !== undefined) process.stdout.write(`fresh machine: skipped. ${missing}\n`);

describe.skipIf(missing !== undefined)('a machine with Node 20, npm and git', () => {
  let machine: FreshMachine;
  let installSeconds = 0;
  beforeAll(async () => {
    machine = await makeFreshMachine();
  });
  afterAll(() => machine?.[Symbol.asyncDispose]());

  it('installs the app by npm ci without a warning, in less than 700 MB', async () => {
    const began = performance.now();
    const printed = await machine.run('npm ci');
    installSeconds = (performance.now() - began) / 1000;
    expect(printed).toMatch(/^added \d+ packages/m);
    expect(printed).not.toMatch(/warn|deprecated|EBADENGINE/i);
    const sizes = execFileSync('du', ['-sm', join(machine.root, 'project/node_modules')], {
      encoding: 'utf8',
    });
    expect(Number.parseInt(sizes, 10)).toBeLessThan(MAX_INSTALLED_MB);
  });

  it('runs the app by npm start: an account, a picture and a video, found by their words', async () => {
    const began = performance.now();
    const url = `http://localhost:${machine.network.appPort}`;
    const app = machine.start(`PORT=${machine.network.appPort} npm start`);
    try {
      await expect.poll(() => app.ended() || app.output().includes(`meemikansio is at ${url}\n`)).toBe(true);
      expect(await (await fetch(url)).text()).toMatch(/<script/);
      const startSeconds = (performance.now() - began) / 1000;
      const stated = /the page appears after (\d+ to \d+ seconds)/.exec(README)?.[1];
      expect(stated).toBeDefined();
      const seconds = [installSeconds + startSeconds, installSeconds, startSeconds].map(Math.round);
      process.stdout.write(
        `fresh machine: the page after ${seconds[0]} s (npm ci ${seconds[1]} s, npm start ${seconds[2]} s); README: ${stated}\n`,
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

  it('tests by npm test, which brings the tools', async () => {
    const printed = await machine.run('npm test -- test/commands/tools.test.ts test/app/config.test.ts');
    expect(printed).toMatch(/^tools: installing \d+ packages/m);
    expect(printed).toMatch(/\n\d+ passed, 0 failed, 0 skipped\n$/);
  });

  it('needs no host but the registries of npm and Debian', async () => {
    const { network } = machine;
    process.stdout.write(
      `fresh machine: reached ${network.reached().join(', ')}; refused ${network.refused().join(', ')}\n`,
    );
    expect(network.refused().filter((host) => REPLACED[host] === undefined)).toEqual([]);
    expect(network.reached().length).toBeGreaterThanOrEqual(2);

    // Positive controls: another host is neither found by name nor through the proxy.
    const look = (name: string) =>
      `node -e 'require("dns").lookup("${name}", (e) => process.exit(e ? 7 : 0))'`;
    await expect(machine.run(look('name.example.org'))).rejects.toThrow(/ended with 7/);
    const proxied = `npm view --registry=https://proxied.example.org/ --fetch-retries=0 left-pad`;
    await expect(machine.run(proxied)).rejects.toThrow(/403/);
    expect(network.refused()).toEqual(expect.arrayContaining(['name.example.org', 'proxied.example.org']));
  });
});
