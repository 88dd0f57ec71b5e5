import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { createSmallDisk } from '../../support/faults/disk.ts';

/** Writes a block to each file named on its input, and prints each result on a line. */
const WRITER = `
  const { writeFileSync } = require('node:fs');
  process.on('SIGXFSZ', () => {});
  require('node:readline').createInterface({ input: process.stdin }).on('line', (path) => {
    try { writeFileSync(path, Buffer.alloc(65536)); console.log('written'); } catch (error) { console.log(error.code); }
  });`;

// The fault tests simulate a full disk. Both ways must act as one on a process that runs already.
it.each([
  ['a disk of its own, where one may be mounted', undefined, ['ENOSPC', 'EFBIG']],
  ['a limit on the process, where not', false, ['EFBIG']],
] as const)('a disk is full and has room again: %s', async (_name, mayMount, full) => {
  const folder = await mkdtemp(join(tmpdir(), 'meemikansio-disk-'));
  const writer = spawn(process.execPath, ['-e', WRITER], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    await using disk = await createSmallDisk(join(folder, 'disk'), 2, mayMount);
    const answers = createInterface({ input: writer.stdout })[Symbol.asyncIterator]();
    const write = async (name: string) => {
      writer.stdin.write(`${join(folder, 'disk', name)}\n`);
      return (await answers.next()).value;
    };
    const pid = writer.pid ?? 0;
    expect(await write('before')).toBe('written');
    await disk.fill(pid);
    expect(full).toContain(await write('meanwhile'));
    await disk.free(pid);
    expect(await write('after')).toBe('written');
    writer.stdin.end();
    await new Promise((gone) => writer.once('exit', gone));
  } finally {
    writer.kill();
    await rm(folder, { recursive: true, force: true });
  }
});
