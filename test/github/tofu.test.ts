import { chmod, mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { initState, tofuIn } from '../../.github/scripts/tofu.ts';

// Tests how the workflows run OpenTofu. A script in its place writes down how it was called.

const RECORDER = `#!/bin/sh
echo "$@" >>calls
echo "$TF_VAR_image_tag" >>images
case "$1" in
  init) file="\${3#-backend-config=}"; cat "$file" >backend; stat -c %a "$file" >mode ;;
  output) echo secret-value; exit 0 ;;
  apply) echo "it failed because" >&2; exit 3 ;;
esac
`;

async function recorder() {
  const folder = await mkdtempDisposable(join(tmpdir(), 'tofu-'));
  const binary = join(folder.path, 'recorder');
  await writeFile(binary, RECORDER);
  await chmod(binary, 0o755);
  let log = '';
  const tofu = tofuIn({
    binary,
    stack: folder.path,
    log: (text) => (log += text),
    env: { PATH: process.env['PATH'] },
  });
  return {
    tofu,
    log: () => log,
    read: (name: string) => readFile(join(folder.path, name), 'utf8'),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('a run of OpenTofu', () => {
  it('gets the keys of the state in a file of its own, which is gone afterwards', async () => {
    await using run = await recorder();
    await initState(run.tofu, 'SCWKEY', 'hunter2');
    const calls = await run.read('calls');
    expect(calls).not.toMatch(/hunter2|SCWKEY/);
    expect(await run.read('backend')).toBe('access_key = "SCWKEY"\nsecret_key = "hunter2"\n');
    expect(await run.read('mode')).toBe('600\n');
    const [, file = ''] = /-backend-config=(\S+)/.exec(calls) ?? [];
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  it('takes no provider of another hash where the hashes are known', async () => {
    await using run = await recorder();
    await initState(run.tofu, 'SCWKEY', 'hunter2', true);
    expect(await run.read('calls')).toContain(' -lockfile=readonly');
  });

  it('gets values by its environment, and shows no output that may be secret', async () => {
    await using run = await recorder();
    expect(await run.tofu(['output', '-json'], { TF_VAR_image_tag: 'abc' })).toBe('secret-value\n');
    expect(await run.read('images')).toBe('abc\n');
    expect(run.log()).toBe('');
  });

  it('fails with the command, and its own words in the log', async () => {
    await using run = await recorder();
    await expect(run.tofu(['apply', 'release.tfplan'])).rejects.toThrow('tofu apply failed (exit code 3).');
    expect(run.log()).toBe('it failed because\n');
  });
});
