import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OVERRIDES, QUESTIONS } from '../../stacks/deploy/answers.ts';
import { STATE_FILE } from '../../stacks/deploy/bootstrap-state.ts';
import { IDENTITY_FILE } from '../../stacks/deploy/identity.ts';
import { withReference } from '../../stacks/reference.ts';
import { DECIDED_BY_RELEASE, releaseInputs, type ReleaseInput } from '../../stacks/release.inputs.ts';
import { bootstrapJson, get, isObject, productionJson, type JsonObject } from './support/stack-json.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'docs');
const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
const [guide, recovery, reference] = await Promise.all([
  read('deploy.md'),
  read('recovery.md'),
  read('deploy-reference.md'),
]);
const all = [guide, recovery, reference].join('\n');
const inputs = Object.entries<ReleaseInput>(releaseInputs);
const namesAt = (stack: JsonObject, path: string): string[] => {
  const found = get(stack, path);
  return isObject(found) ? Object.keys(found).sort() : [];
};

describe('docs/deploy.md', () => {
  it('leads from nothing to live in six steps, of which one is the command', () => {
    const guided = guide.slice(guide.indexOf('## In six steps'), guide.indexOf('## By hand'));
    const steps = guided.split(/^### /m).slice(1);
    expect(steps.map((step) => step.slice(0, 2))).toEqual(['1.', '2.', '3.', '4.', '5.', '6.']);
    expect(steps.map((step) => step.includes('npm run deploy'))).toEqual([
      false,
      false,
      false,
      false,
      true,
      false,
    ]);
    // Nothing is left to a block of commands but that one.
    expect(guided.match(/^```sh$/gm)).toHaveLength(1);
    for (const name of [...Object.keys(QUESTIONS), ...OVERRIDES]) expect(steps[4]).toContain(`\`${name}\``);
    for (const file of [STATE_FILE, IDENTITY_FILE]) expect(steps[5]).toContain(`\`${file}\``);
  });

  it('is half as long as before the command', () => {
    expect(guide.split('\n').length).toBeLessThanOrEqual(277);
  });

  it('has the tables that the code has (else: npm run reference)', () => {
    expect(withReference(reference)).toBe(reference);
  });

  it('would be found out if it had not', () => {
    const stale = reference.replace('| `jwt_secret`', '| `jwt_sekret`');
    expect(stale).not.toBe(reference);
    expect(withReference(stale)).not.toBe(stale);
    expect(() => withReference(reference.replace('<!-- generated: github inputs -->', ''))).toThrow(
      'github inputs',
    );
  });

  it('names only commands, files and headings that exist', async () => {
    const manifest: { scripts: Record<string, string> } = JSON.parse(
      await readFile(join(root, 'package.json'), 'utf8'),
    );
    const scripts = [...all.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(scripts.length).toBeGreaterThan(3);
    expect(scripts.filter((script) => !(script in manifest.scripts))).toEqual([]);

    const linked = [...all.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => join(folder, path));
    const named = [...all.matchAll(/`(stacks\/[\w./-]+\.ts)`/g)].map(([, path = '']) => join(root, path));
    expect([...linked, ...named].filter((path) => !existsSync(path))).toEqual([]);

    const headings = new Set([...recovery.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading));
    // The stack prints this heading when a release fails.
    expect(JSON.stringify(productionJson())).toContain('See \\"Container in error\\" in docs/recovery.md');
    expect(headings).toContain('Container in error');
    for (const name of ['Domain in error', 'Restore files', 'Move to another region', 'Destroy everything']) {
      expect(recovery).toContain(`_${name}_`);
      expect(headings).toContain(name);
    }
  });

  it('names only resources that are in the stacks', () => {
    const addresses = [...all.matchAll(/\b((?:scaleway|aws|terraform)_\w+)\.(\w+)/g)];
    expect(addresses.length).toBeGreaterThan(3);
    for (const [address] of addresses) {
      expect(
        get(productionJson(), `resource.${address}`) ?? get(bootstrapJson(), `resource.${address}`),
      ).toBeDefined();
    }
  });
});

describe('what a release is given', () => {
  it('is every variable of production, each once', () => {
    const given = inputs.flatMap(([, { becomes }]) => becomes.filter((name) => name.startsWith('TF_VAR_')));
    const names = [...given.map((name) => name.slice('TF_VAR_'.length)), ...DECIDED_BY_RELEASE].sort();
    expect(names).toEqual(namesAt(productionJson(), 'variable'));
  });

  it('is every output of the bootstrap, and what comes from elsewhere', () => {
    const fromBootstrap = inputs.filter(([, { from }]) => from === 'bootstrap output').map(([name]) => name);
    expect(fromBootstrap.sort()).toEqual(namesAt(bootstrapJson(), 'output'));
  });

  it('is secret where the stacks say so', () => {
    const [bootstrap, production] = [bootstrapJson(), productionJson()];
    const secret = inputs.filter(
      ([name, { becomes }]) =>
        get(bootstrap, `output.${name}.sensitive`) === true ||
        becomes.some(
          (given) => get(production, `variable.${given.replace('TF_VAR_', '')}.sensitive`) === true,
        ),
    );
    expect(secret.map(([name, { kind }]) => [name, kind])).toEqual([
      ['BUILD_SCW_SECRET_KEY', 'secret'],
      ['PLAN_SCW_SECRET_KEY', 'secret'],
      ['SCW_SECRET_KEY', 'secret'],
      ['DATABASE_URL', 'secret'],
      ['DATABASE_CA', 'secret'],
      ['JWT_SECRET', 'secret'],
      ['S3_ACCESS_KEY_ID', 'secret'],
      ['S3_SECRET_ACCESS_KEY', 'secret'],
    ]);
  });
});
