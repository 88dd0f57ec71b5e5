import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFfmpeg } from '../../../app/media/ffmpeg/ffmpeg.ts';
import { findFfmpeg, isSupported } from '../../../app/media/ffmpeg/find.ts';
import { FfmpegError, runFfmpeg, type FfmpegLimits } from '../../../app/media/ffmpeg/run.ts';
import { processesWith } from '../../support/faults/processes.ts';
import { ffmpeg, pattern, VIDEO_MAKERS } from '../../support/media/videos.ts';
import { TEST_HANGS_AFTER_MS } from '../../support/hang-guard.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-ffmpeg-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const LIMITS: FfmpegLimits = { timeoutMs: TEST_HANGS_AFTER_MS, cpuSeconds: 120, memoryMb: 1200, fileMb: 512 };
const NOTHING = ['-f', 'null', '-'];

async function file(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** Writes a program that replaces ffmpeg. */
async function program(lines: string): Promise<string> {
  const path = await file('program', `#!/bin/sh\n${lines}\n`);
  await chmod(path, 0o755);
  return path;
}

const run = (
  command: string,
  args: readonly string[],
  limits: Partial<FfmpegLimits> = {},
  signal?: AbortSignal,
) => runFfmpeg({ command, args, cwd: folder, limits: { ...LIMITS, ...limits }, signal });

/** Returns the reason of a failed run. */
const reasonOf = (running: Promise<string>) =>
  running.then(
    () => 'success',
    (error: unknown) => (error instanceof FfmpegError ? error.reason : String(error)),
  );

describe('ffmpeg reads a file', () => {
  it('as the container it is told, whatever the file says it is', async () => {
    const path = await file('a.mp4', VIDEO_MAKERS.silentMp4());
    const app = createFfmpeg('ffmpeg');
    expect(await reasonOf(app.run([{ demuxer: 'mov', path }], NOTHING, { cwd: folder }))).toBe('success');
    expect(await reasonOf(app.run([{ demuxer: 'matroska', path }], NOTHING, { cwd: folder }))).toBe('failed');
  });

  it('with no decoder but those of browsers and cameras', async () => {
    const snow = ffmpeg(['-f', 'lavfi', '-i', pattern(), '-c:v', 'snow', '-strict', '-2'], 'mov');
    const path = await file('snow.mov', snow);
    const app = createFfmpeg('ffmpeg');
    expect(await reasonOf(app.run([{ demuxer: 'mov', path }], NOTHING, { cwd: folder }))).toBe('failed');
  });

  it('and opens no address and no other file that the file names', async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/stolen.ts`;
    const playlist = (name: string) =>
      `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n${name}\n#EXT-X-ENDLIST\n`;
    const path = await file('list.mp4', playlist(url));
    const asHls = (protocols: string) => [
      ['-protocol_whitelist', protocols, '-allowed_extensions', 'ALL', '-f', 'hls', '-i', `file:${path}`],
      NOTHING,
    ];

    // Positive control: with these protocols allowed, ffmpeg does ask the server.
    await reasonOf(run('ffmpeg', asHls('file,http,tcp').flat()));
    expect(asked.splice(0)).not.toEqual([]);
    // The right container with these protocols does not ask the server either.
    expect(await reasonOf(run('ffmpeg', asHls('file,pipe').flat()))).toBe('failed');

    const secret = await file('secret.ts', ffmpeg(['-f', 'lavfi', '-i', pattern(), '-f', 'mpegts'], 'ts'));
    const app = createFfmpeg('ffmpeg');
    for (const name of [url, `file://${secret}`, 'secret.ts']) {
      await writeFile(path, playlist(name));
      for (const demuxer of ['mov', 'matroska', 'gif', 'apng'] as const)
        expect(await reasonOf(app.run([{ demuxer, path }], NOTHING, { cwd: folder }))).toBe('failed');
    }
    expect(asked).toEqual([]);
    server.close();
  });
});

describe('ffmpeg is ended', () => {
  it('when it takes too long', async () => {
    // Without the limit the test would hang.
    expect(await reasonOf(run(await program('exec sleep 3600'), [], { timeoutMs: 300 }))).toBe('killed');
  });

  it('when it takes too much processor time', async () => {
    const forever = ['-f', 'lavfi', '-i', 'testsrc2=s=1920x1080:d=1000', ...NOTHING];
    expect(await reasonOf(run('ffmpeg', forever, { cpuSeconds: 1 }))).toBe('killed');
  });

  it('when it wants too much memory', async () => {
    const large = ['-f', 'lavfi', '-i', 'color=s=16000x16000:d=0.04', ...NOTHING];
    expect(await reasonOf(run('ffmpeg', large))).toBe('success');
    // Some versions hang after a failed allocation. The limit of time ends them, as in the app.
    const limits = { memoryMb: 400, timeoutMs: 20_000 };
    expect(await reasonOf(run('ffmpeg', large, limits))).not.toBe('success');
  });

  it('when it writes too much', async () => {
    const raw = ['-f', 'lavfi', '-i', 'color=s=1000x1000:d=1', '-f', 'rawvideo', 'file:out.raw'];
    expect(await reasonOf(run('ffmpeg', raw, { fileMb: 1 }))).toBe('full');
  });

  it('with the server’s stop', async () => {
    const stop = new AbortController();
    const limits = { timeoutMs: TEST_HANGS_AFTER_MS };
    const running = run(await program('exec sleep 86399'), [], limits, stop.signal);
    await expect.poll(() => processesWith('86399')).not.toEqual([]);
    stop.abort(new Error('stopping'));
    await expect(running).rejects.toThrow('stopping');
    await expect.poll(() => processesWith('86399')).toEqual([]);
  });

  it('and takes its own children with it, so that nothing is left', async () => {
    const path = await program('sleep 61.375 &\nsleep 61.375');
    expect(await reasonOf(run(path, [], { timeoutMs: 500 }))).toBe('killed');
    await expect.poll(() => processesWith('61.375')).toEqual([]);
    expect(await readdir(folder)).toEqual(['program']);
  });
});

describe('ffmpeg has', () => {
  it('none of the server’s environment, a low priority and nothing to read from', async () => {
    process.env['TEST_SECRET'] = 'JWT';
    const path = await program('env > environment; cat > input; nice > niceness');
    expect(await reasonOf(run(path, []))).toBe('success');
    delete process.env['TEST_SECRET'];
    const read = (name: string) => readFile(join(folder, name), 'utf8');
    expect(await read('environment')).not.toContain('TEST_SECRET');
    expect(await read('input')).toBe('');
    expect(Number(await read('niceness'))).toBeGreaterThanOrEqual(10);
  });

  it.skipIf(process.platform !== 'linux')('no way to more privileges', async () => {
    const path = await program('grep NoNewPrivs /proc/self/status > privileges');
    expect(await reasonOf(run(path, []))).toBe('success');
    expect(await readFile(join(folder, 'privileges'), 'utf8')).toMatch(/NoNewPrivs:\s*1/);
  });
});

describe('an ffmpeg', () => {
  it('that works says so, and so does one that does not', async () => {
    expect(execFileSync('ffmpeg', ['-version']).toString()).toContain('ffmpeg version');
    expect(await createFfmpeg('ffmpeg').works(folder)).toBe(true);
    expect(await createFfmpeg(await program('kill -SEGV $$')).works(folder)).toBe(false);
    expect(await createFfmpeg('/nonexistent/ffmpeg').works(folder)).toBe(false);
  });

  it('is too old before version 5.1, whatever else its version says', () => {
    for (const version of [
      '5.1',
      '5.1.9-0+deb12u1',
      '6.0',
      '7.0.2-static',
      'n8.0',
      '10.2',
      'N-109741-gbbe95f7353',
    ])
      expect(isSupported(version), version).toBe(true);
    for (const version of ['4.4.2-0ubuntu0.22.04.1', '5.0.1', 'n4.3', '0.11'])
      expect(isSupported(version), version).toBe(false);
  });

  it('that is too old is told at the start, and videos are refused as without one', async () => {
    const path = await program('echo "ffmpeg version 4.4.2 Copyright"');
    expect(await findFfmpeg(path)).toEqual({ command: path, version: '4.4.2', supported: false });
  });

  it('that is not there is told apart from a file that is broken', async () => {
    expect(await reasonOf(run('/nonexistent/ffmpeg', []))).toBe('missing');
    expect(await reasonOf(run('ffmpeg', ['-i', 'file:none.mp4', ...NOTHING]))).toBe('failed');
  });
});
