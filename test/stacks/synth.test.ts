import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateBindings } from '../../stacks/generate.ts';
import { findConfidential } from './support/references.ts';
import { bootstrapJson, productionJson, withoutMetadata, type JsonObject } from './support/stack-json.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'synth-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Command prefix for a namespace without a network, if this system allows one. */
const offline = spawnSync('unshare', ['-rn', 'true']).status === 0 ? ['unshare', '-rn'] : [];

/**
 * Runs `npm run synth`.
 * @returns the written files by path
 */
async function synth(name: string): Promise<Map<string, string>> {
  const output = join(folder, name);
  const [program, ...args] = [...offline, 'npm', 'run', 'synth', '--', '--output', output];
  const { status, stdout, stderr } = spawnSync(program ?? 'npm', args, {
    encoding: 'utf8',
    // cdktf looks for terraform under this name. The synth must not need it.
    env: { ...process.env, TERRAFORM_BINARY_NAME: 'no-terraform-here' },
  });
  if (status !== 0) throw new Error(`npm run synth ended with ${status}:\n${stdout}${stderr}`);
  const files = (await readdir(output, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  );
  const contents = files.map(async (file): Promise<[string, string]> => {
    const path = join(file.parentPath, file.name);
    return [relative(output, path), await readFile(path, 'utf8')];
  });
  return new Map((await Promise.all(contents)).sort(([one], [other]) => one.localeCompare(other)));
}

describe('npm run synth', () => {
  it('writes every stack, the same bytes each time, without a network and without terraform', async () => {
    const first = await synth('first');
    expect([...first.keys()]).toEqual([
      'manifest.json',
      'stacks/bootstrap/cdk.tf.json',
      'stacks/production/cdk.tf.json',
    ]);
    expect(await synth('second')).toEqual(first);
    // The written files equal the stacks that the other tests check.
    for (const [name, checked] of Object.entries({
      bootstrap: bootstrapJson(),
      production: productionJson(),
    })) {
      const written: JsonObject = JSON.parse(first.get(`stacks/${name}/cdk.tf.json`) ?? '');
      expect(withoutMetadata(written)).toEqual(checked);
      expect(findConfidential(written)).toEqual([]);
    }
  });
});

describe('the bindings', () => {
  it('are made once, not at every run', async () => {
    expect(await generateBindings()).toBe(false);
  });
});
