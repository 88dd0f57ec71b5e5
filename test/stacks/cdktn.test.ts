import { execFileSync } from 'node:child_process';
import { mkdtempDisposable, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environments } from '../../stacks/environments.ts';
import { get, remove, type JsonObject } from './support/stack-json.ts';

// Makes the stacks with cdktf, and with its successor in its place. Real: both packages, stacks.

const ROOT = join(import.meta.dirname, '../..');
const names = ['bootstrap', ...Object.keys(environments)];

/** Synthesizes in a folder of its own. Returns every stack. */
async function synthesized(...preload: string[]): Promise<Record<string, JsonObject>> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'cdktn-'));
  const imports = [...preload, 'tsx'].flatMap((name) => ['--import', import.meta.resolve(name)]);
  execFileSync(process.execPath, [...imports, join(ROOT, 'stacks/main.ts')], {
    cwd: folder.path,
    env: { PATH: process.env['PATH'], CHECKPOINT_DISABLE: '1' },
  });
  const read = async (name: string): Promise<[string, JsonObject]> => [
    name,
    JSON.parse(await readFile(join(folder.path, 'cdktf.out/stacks', name, 'cdk.tf.json'), 'utf8')),
  ];
  return Object.fromEntries(await Promise.all(names.map(read)));
}

describe('the successor of cdktf', () => {
  it('makes the same of every stack, but for its own version', async () => {
    const [before, after] = [await synthesized(), await synthesized('./support/cdktn.process.ts')];
    for (const name of names) {
      const [one, other] = [before[name] ?? {}, after[name] ?? {}];
      expect(get(one, '//.metadata.version'), name).toMatch(/^0\.21\./);
      expect(get(other, '//.metadata.version'), name).toMatch(/^0\.24\./);
      for (const stack of [one, other]) remove(stack, '//.metadata.version');
      expect(other).toEqual(one);
    }
  });

  it('allows the version of constructs that is installed', async () => {
    const version = async (name: string): Promise<JsonObject> =>
      JSON.parse(await readFile(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'));
    expect(get(await version('cdktn'), 'peerDependencies.constructs')).toBe('>=10.6.0 <10.8.0');
    expect(get(await version('constructs'), 'version')).toMatch(/^10\.7\./);
  });
});
