import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { environments } from '../../stacks/environments.ts';
import { releaseInputs, standIns, type ReleaseInput } from '../../stacks/release.inputs.ts';

// Checks the workflows as data: dependencies, triggers, permissions and inputs.

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, '.github/workflows');

const stepShape = z.object({
  name: z.string().optional(),
  id: z.string().optional(),
  if: z.union([z.string(), z.boolean()]).optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
  env: z.record(z.string(), z.string()).default({}),
});
const jobShape = z.object({
  needs: z.array(z.string()).default([]),
  if: z.string().optional(),
  'timeout-minutes': z.number().default(0),
  permissions: z.record(z.string(), z.string()),
  environment: z.union([z.string(), z.object({ name: z.string() })]).optional(),
  env: z.record(z.string(), z.string()).default({}),
  services: z.record(z.string(), z.unknown()).default({}),
  steps: z.array(stepShape).default([]),
  /** Another workflow, which bounds its own jobs. */
  uses: z.string().optional(),
  with: z.record(z.string(), z.string()).default({}),
  secrets: z.literal('inherit').optional(),
});
const workflowShape = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  concurrency: z.object({ group: z.string(), 'cancel-in-progress': z.union([z.boolean(), z.string()]) }),
  env: z.record(z.string(), z.string()).default({}),
  jobs: z.record(z.string(), jobShape),
});

const texts = Object.fromEntries(
  readdirSync(FOLDER).map((name) => [name.replace(/\.yml$/, ''), readFileSync(join(FOLDER, name), 'utf8')]),
);
const workflows = Object.fromEntries(
  Object.entries(texts).map(([name, text]) => [name, workflowShape.parse(parse(text))]),
);
const workflow = (name: string) => {
  const found = workflows[name];
  if (!found) throw new Error(`There is no workflow ${name}.`);
  return found;
};
const job = (name: string, id: string) => {
  const found = workflow(name).jobs[id];
  if (!found) throw new Error(`There is no job ${id} in ${name}.`);
  return found;
};
const everyJob = Object.entries(workflows).flatMap(([name, { jobs }]) =>
  Object.entries(jobs).map(([id, one]) => ({ where: `${name}/${id}`, one })),
);
const everyStep = everyJob.flatMap(({ where, one }) =>
  one.steps.map((step, i) => ({ where: `${where}[${i}] ${step.name ?? step.uses ?? step.run ?? ''}`, step })),
);
const ENVIRONMENT = "${{ inputs.environment || 'production' }}";
const DEFAULT_BRANCH = '${{ github.event.repository.default_branch }}';
const ON_DEFAULT_BRANCH = 'github.ref_name == github.event.repository.default_branch';
const inputs = Object.entries<ReleaseInput>(releaseInputs);
const secretsIn = (text: string) =>
  new Set(Array.from(text.matchAll(/secrets\.(\w+)/g), ([, name = '']) => name));

describe('the graph', () => {
  it('tests everything before it publishes, and publishes before it pre-releases', () => {
    const needs = Object.fromEntries(Object.entries(workflow('ci').jobs).map(([id, one]) => [id, one.needs]));
    expect(needs).toEqual({
      commits: [],
      'test-backend': [],
      'test-long': [],
      'test-frontend': [],
      'test-stacks': [],
      'test-e2e': ['test-backend', 'test-frontend'],
      'build-and-publish': ['test-backend', 'test-long', 'test-frontend', 'test-stacks', 'test-e2e'],
      'test-image': ['build-and-publish'],
      'pre-release': ['build-and-publish', 'test-image'],
      staging: ['pre-release'],
    });
  });

  it('publishes from the default branch only, whatever its name', () => {
    expect(job('ci', 'build-and-publish').if).toBe(`github.event_name == 'push' && ${ON_DEFAULT_BRANCH}`);
  });

  it('tests pull requests and pushes to the default branch, in every job that waits for no other', () => {
    for (const [id, one] of Object.entries(workflow('ci').jobs).filter(([, { needs }]) => needs.length === 0))
      expect(one.if, id).toBe(`github.event_name == 'pull_request' || ${ON_DEFAULT_BRANCH}`);
  });

  it('names no branch', () => {
    for (const [name, text] of Object.entries(texts))
      expect(text, name).not.toMatch(/refs\/heads\/|(ref|BRANCH|branches): \[?(main|master)\b/);
  });

  it('hands the built server and page to the browser tests, beside a PostgreSQL server', () => {
    const made = ['test-backend', 'test-frontend'].flatMap((id) =>
      job('ci', id).steps.filter((step) => step.uses?.startsWith('actions/upload-artifact@')),
    );
    const taken = job('ci', 'test-e2e').steps.filter((step) =>
      step.uses?.startsWith('actions/download-artifact@'),
    );
    for (const [name, path] of [
      ['client', 'dist/client'],
      ['server', 'dist/server'],
    ]) {
      expect(made.map((step) => step.with)).toContainEqual(
        expect.objectContaining({ name, path, 'if-no-files-found': 'error' }),
      );
      expect(taken.map((step) => step.with)).toContainEqual({ name, path });
    }
    expect(Object.keys(job('ci', 'test-e2e').services)).toEqual(['postgres']);
    const tests = job('ci', 'test-e2e').steps.filter((step) =>
      /npm run test:(e2e|speed)/.test(step.run ?? ''),
    );
    expect(tests).toHaveLength(2);
    for (const { env } of tests)
      expect(env).toEqual({
        TEST_SERVER: 'dist/server/main.js',
        TEST_DATABASE_URL: 'postgres://postgres:postgres@postgres:5432/postgres',
      });
  });

  it('runs every project of tests, and fails on one that is skipped', () => {
    expect(workflow('ci').env['NO_SKIPS']).toBe('true');
    const config = readFileSync(join(ROOT, 'vitest.config.ts'), 'utf8');
    const projects = Array.from(config.matchAll(/name: '(\w+)'/g), ([, name]) => name);
    const run = Array.from((texts['ci'] ?? '').matchAll(/--project (\w+)/g), ([, name]) => name);
    expect(run.sort()).toEqual(projects.sort());
  });
});

describe('the triggers', () => {
  it('are those of each workflow, and nothing else', () => {
    // Pushes of tags are left out: each release makes one.
    expect(workflow('ci').on).toEqual({ push: { branches: ['**'] }, pull_request: null });
    expect(Object.keys(workflow('deploy').on)).toEqual(['release', 'workflow_dispatch', 'workflow_call']);
    expect(workflow('deploy').on['release']).toEqual({ types: ['published', 'released'] });
    expect(Object.keys(workflow('plan').on)).toEqual(['pull_request']);
    expect(Object.keys(workflow('cleanup').on)).toEqual(['schedule', 'workflow_dispatch']);
    expect(Object.keys(workflow('watch').on)).toEqual(['schedule', 'workflow_dispatch']);
    expect(Object.keys(workflow('pins').on)).toEqual(['workflow_dispatch']);
  });

  it('deploy no pre-release, one at a time, and never cut an apply off', () => {
    expect(job('deploy', 'look').if).toBe('${{ !github.event.release.prerelease }}');
    expect(job('deploy', 'deploy').needs).toEqual(['look']);
    expect(workflow('deploy').concurrency).toEqual({ group: ENVIRONMENT, 'cancel-in-progress': false });
  });

  it('let no run drop another: GitHub keeps one waiting run of a group', () => {
    // A pull request needs its newest run only; every push of the default branch builds its image.
    expect(workflow('ci').concurrency).toEqual({
      group: "ci-${{ github.event_name == 'pull_request' && github.ref || github.run_id }}",
      'cancel-in-progress': true,
    });
    expect(workflow('cleanup').concurrency).toEqual({ group: 'cleanup', 'cancel-in-progress': false });
    const groups = Object.values(workflows).map(({ concurrency }) => concurrency.group);
    expect(new Set(groups).size).toBe(groups.length);
  });

  it('deploy once, though GitHub tells of a release made at once as published and as released', () => {
    expect(job('deploy', 'deploy').if).toBe("needs.look.outputs.due == 'true'");
    expect(workflow('deploy').concurrency.group).toBe(ENVIRONMENT);
  });

  it('plan only for people who can push here: no check of a fork or of Dependabot wants a secret', () => {
    expect(job('plan', 'plan').if).toBe(
      "github.event.pull_request.head.repo.full_name == github.repository && github.event.pull_request.user.login != 'dependabot[bot]'",
    );
    for (const [id, one] of Object.entries(workflow('ci').jobs)) {
      const pullRequest =
        one.if !== `github.event_name == 'push' && ${ON_DEFAULT_BRANCH}` && id !== 'test-image';
      if (pullRequest) expect([...secretsIn(JSON.stringify(one))], id).toEqual([]);
    }
    expect(job('ci', 'test-image').needs).toEqual(['build-and-publish']);
  });
});

describe('a release', () => {
  const steps = [...job('deploy', 'look').steps, ...job('deploy', 'deploy').steps];
  const at = (part: RegExp) => steps.findIndex((step) => part.test(step.run ?? ''));

  it('is decided, has an image, and is carried out by one script, in this order', () => {
    const order = [/operation\.ts/, /image-exists\.ts/, /npm run synth/, /scripts\/deploy\.ts/].map(at);
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(texts['deploy']).not.toMatch(/continue-on-error/);
  });

  it('of an older commit runs the scripts and stacks of the workflow, not those of that commit', () => {
    for (const step of steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')))
      expect(step.with).not.toHaveProperty('ref');
  });
});

describe('staging', () => {
  it('gets every commit of the default branch, if it is there, by the workflow of the releases', () => {
    expect(job('ci', 'staging')).toMatchObject({
      if: "needs.pre-release.outputs.staging == 'true'",
      uses: './.github/workflows/deploy.yml',
      with: { environment: 'staging', commit: '${{ github.sha }}' },
      secrets: 'inherit',
    });
    const asks = job('ci', 'pre-release').steps.find((step) => step.id === 'staging');
    expect(asks).toMatchObject({
      run: 'node .github/scripts/has-environment.ts',
      env: { ENVIRONMENT: 'staging' },
    });
    const decides = job('deploy', 'look').steps.find((step) => step.id === 'operation');
    expect(decides?.env['COMMIT']).toBe('${{ inputs.commit }}');
  });
});

describe('new commits', () => {
  const steps = job('ci', 'commits').steps;

  it('are checked from the base of the pull request or the tip before the push, in a full clone', () => {
    expect(steps[0]?.with['fetch-depth']).toBe(0);
    const range = steps.find((step) => step.id === 'range');
    expect(range?.env['BASE']).toBe('${{ github.event.pull_request.base.sha || github.event.before }}');
    expect(job('ci', 'commits').env['HEAD']).toBe('${{ github.event.pull_request.head.sha || github.sha }}');
    expect(steps.at(-1)).toMatchObject({
      run: 'npm run check:commits -- --from "$FROM" --to "$HEAD"',
      env: { FROM: '${{ steps.range.outputs.from }}' },
    });
  });
});

describe('coverage', () => {
  it.each([
    ['test-backend', 'coverage-backend'],
    ['test-frontend', 'coverage-frontend'],
  ])('of %s is kept as %s, and a missing report fails', (id, name) => {
    const { steps } = job('ci', id);
    const measured = steps.findIndex((step) => step.run?.startsWith('npm run test:coverage -- --project '));
    expect(measured).toBeGreaterThan(-1);
    expect(steps[measured + 1]).toMatchObject({
      uses: expect.stringMatching(/^actions\/upload-artifact@/),
      with: { name, path: 'coverage', 'include-hidden-files': true, 'if-no-files-found': 'error' },
    });
  });
});

describe('the changelog', () => {
  it('follows a deployment, which has no part of it', () => {
    expect(job('deploy', 'changelog').needs).toEqual(['deploy']);
    const runs = ['look', 'deploy'].flatMap((id) => job('deploy', id).steps.map((step) => step.run ?? ''));
    expect(runs.filter((run) => run.includes('changelog'))).toEqual([]);
  });

  it('is written on the branch with all history, and only its own step has the token', () => {
    const { steps } = job('deploy', 'changelog');
    expect(steps[0]?.with).toMatchObject({ ref: DEFAULT_BRANCH, 'fetch-depth': 0 });
    const withToken = steps.filter((step) => JSON.stringify(step).includes('github.token'));
    expect(withToken.map((step) => step.run)).toEqual(['node .github/scripts/changelog.ts']);
    expect(withToken[0]?.env['BRANCH']).toBe(DEFAULT_BRANCH);
  });
});

describe('every workflow', () => {
  it.each(everyStep.filter(({ step }) => step.uses))('pins its actions by commit: $where', ({ step }) => {
    expect(step.uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  it('writes the version beside each pin, one pin per action', () => {
    const pins = new Map<string, Set<string>>();
    for (const text of Object.values(texts)) {
      for (const line of text.split('\n').filter((each) => /uses: (?!\.\/)/.test(each))) {
        expect(line).toMatch(/uses: [\w/-]+@[0-9a-f]{40} # v\d+(\.\d+\.\d+)?$/);
        const [, action = '', pin = ''] = /uses: ([\w/-]+)(@.*)$/.exec(line) ?? [];
        pins.set(action, (pins.get(action) ?? new Set()).add(pin));
      }
    }
    for (const [action, versions] of pins) expect([...versions], action).toHaveLength(1);
  });

  it('starts from no permission and gives each job the least', () => {
    for (const [name, one] of Object.entries(workflows)) expect(one.permissions, name).toEqual({});
    const granted = Object.fromEntries(everyJob.map(({ where, one }) => [where, one.permissions]));
    expect(granted).toEqual({
      'ci/commits': { contents: 'read' },
      'ci/test-backend': { contents: 'read' },
      'ci/test-long': { contents: 'read' },
      'ci/test-frontend': { contents: 'read' },
      'ci/test-stacks': { contents: 'read' },
      'ci/test-e2e': { contents: 'read' },
      'ci/build-and-publish': { contents: 'read' },
      'ci/test-image': { contents: 'read' },
      'ci/pre-release': { contents: 'write' },
      'ci/staging': { contents: 'write', 'id-token': 'write' },
      'deploy/look': { contents: 'read' },
      'deploy/deploy': { contents: 'read', 'id-token': 'write' },
      'deploy/changelog': { contents: 'write' },
      'plan/plan': { contents: 'read', 'pull-requests': 'write' },
      'cleanup/cleanup': { contents: 'read' },
      'watch/watch': { contents: 'read' },
      'pins/pins': { contents: 'write', 'pull-requests': 'write' },
    });
  });

  it.each(everyStep.filter(({ step }) => step.uses?.startsWith('actions/checkout')))(
    'leaves no token in the clone: $where',
    ({ step }) => expect(step.with['persist-credentials']).toBe(false),
  );

  it.each(everyStep.filter(({ step }) => step.run))('splices nothing into a shell: $where', ({ step }) => {
    expect(step.run).not.toMatch(/\$\{\{/);
  });

  it('gives secrets to steps only, and only in environments that guard them', () => {
    for (const [name, { env }] of Object.entries(workflows))
      expect(JSON.stringify(env), name).not.toMatch(/secrets\./);
    for (const { where, one } of everyJob) {
      expect(JSON.stringify(one.env), where).not.toMatch(/secrets\./);
      const environment = typeof one.environment === 'object' ? one.environment.name : one.environment;
      const guarded = environment === ENVIRONMENT ? 'production' : environment;
      const guards = [...secretsIn(JSON.stringify(one.steps))].map(
        (name) => inputs.find(([known]) => known === name)?.[1].environment,
      );
      expect(guards.length > 0 ? [...new Set(guards)] : [undefined], where).toEqual([guarded]);
    }
    for (const { where, step } of everyStep) {
      // npm runs code of hundreds of packages, so it never sees a secret.
      if (/npm (ci|run)/.test(step.run ?? ''))
        expect(secretsIn(JSON.stringify(step.env)).size, where).toBe(0);
    }
  });

  it('runs commands that exist', () => {
    const scripts = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))).scripts;
    const tools = new Set(['npm', 'node', 'gh', 'tofu', 'docker']);
    for (const { where, step } of everyStep) {
      for (const line of (step.run ?? '')
        .replaceAll(/\|\|\n\s*/g, '\n')
        .split('\n')
        .filter(Boolean)) {
        const words = line
          .trim()
          .replace(/^(\w+=\$\()|^(\w+=\S+ )/, '')
          .split(/\s+/);
        const [command = '', ...args] = words;
        expect([...tools], `${where}: ${line}`).toContain(command);
        if (command === 'npm' && args[0] === 'run') expect(Object.keys(scripts), where).toContain(args[1]);
        if (command === 'node') expect(() => readFileSync(join(ROOT, args[0] ?? '')), where).not.toThrow();
      }
    }
  });

  it('bounds the time of every job', () => {
    for (const { where, one } of everyJob.filter((each) => each.one.uses === undefined)) {
      expect(one['timeout-minutes'], where).toBeGreaterThan(0);
      expect(one['timeout-minutes'], where).toBeLessThanOrEqual(60);
    }
  });
});

describe('what the workflows are given', () => {
  const all = Object.values(texts).join('\n');
  const names = (kind: 'secret' | 'variable') =>
    Object.entries(releaseInputs).flatMap(([name, input]) => (input.kind === kind ? [name] : []));
  const variables = new Set(Array.from(all.matchAll(/vars\.(\w+)/g), ([, name = '']) => name));

  it('is exactly what docs/deploy-reference.md tells the operator to store', () => {
    const docs = readFileSync(join(ROOT, 'docs/deploy-reference.md'), 'utf8');
    const documented = Array.from(
      docs.matchAll(/^\| `(\w+)` +\| (secret|variable) /gm),
      ([, name, kind]) => `${kind} ${name}`,
    );
    const used = [
      ...[...secretsIn(all)].map((name) => `secret ${name}`),
      ...[...variables].map((name) => `variable ${name}`),
    ];
    expect(used.sort()).toEqual(documented.sort());
    expect([...secretsIn(all)].sort()).toEqual(names('secret').sort());
    expect([...variables].sort()).toEqual(names('variable').sort());
  });

  it('becomes what OpenTofu wants in a release', () => {
    const step = job('deploy', 'deploy').steps.find(({ run }) => run?.includes('scripts/deploy.ts'));
    for (const [name, { kind, becomes }] of inputs) {
      const from = `\${{ ${kind === 'secret' ? 'secrets' : 'vars'}.${name} }}`;
      for (const variable of becomes) expect(step?.env[variable], variable).toBe(from);
    }
  });

  it('is, for a plan, a key that reads the state, ids, and stand-ins for every secret of the app', () => {
    const step = job('plan', 'plan').steps.find(({ run }) => run?.includes('scripts/plan.ts'));
    expect([...secretsIn(JSON.stringify(step))]).toEqual(['PLAN_SCW_ACCESS_KEY', 'PLAN_SCW_SECRET_KEY']);
    for (const [name, { kind, becomes }] of inputs) {
      for (const variable of becomes.filter((each) => each.startsWith('TF_VAR_'))) {
        if (kind === 'variable') expect(step?.env[variable], variable).toBe(`\${{ vars.${name} }}`);
        else expect(Object.keys(standIns()), variable).toContain(variable);
      }
    }
  });

  it('has the names of the site, the state and the stack from the settings of the environment', () => {
    const { hostname, mediaBucket } = environments.production;
    for (const [name, text] of Object.entries(texts)) {
      expect(text, name).not.toMatch(new RegExp(`${hostname}|${mediaBucket}`));
      if (name !== 'ci')
        expect(workflow(name).env['ENVIRONMENT'], name).toBe(name === 'deploy' ? ENVIRONMENT : 'production');
    }
  });

  it('is on no command line, which every process of the machine can read', () => {
    for (const { where, step } of everyStep)
      for (const [name, value] of Object.entries(step.env).filter((entry) => entry[1].includes('secrets.')))
        expect(step.run ?? '', `${where}: ${value}`).not.toContain(`$${name}`);
  });
});

describe('the image that is published', () => {
  const build = job('ci', 'build-and-publish').steps.find((step) =>
    step.uses?.startsWith('docker/build-push-action'),
  );

  it('is tagged with the commit, tells it, and says what is in it', () => {
    expect(build?.with).toMatchObject({
      push: true,
      tags: '${{ steps.settings.outputs.registry }}/${{ steps.settings.outputs.image }}:${{ github.sha }}',
      'build-args': expect.stringContaining('REVISION=${{ github.sha }}'),
      'cache-from': expect.stringMatching(/^type=registry,/),
      'cache-to': expect.stringMatching(/^type=registry,.*mode=max/),
      sbom: true,
      provenance: 'mode=max',
    });
  });

  it('is scanned by its content before it can be released', () => {
    const { steps } = job('ci', 'build-and-publish');
    const scan = steps.at(-1);
    // The code of npm packages runs before the key is there.
    const at = (part: RegExp) => steps.findIndex((step) => part.test(`${step.uses} ${step.run}`));
    expect(at(/scan-exceptions/)).toBeGreaterThan(at(/npm ci/));
    expect(at(/scan-exceptions/)).toBeLessThan(at(/login-action/));
    expect(scan?.with).toMatchObject({
      image:
        '${{ steps.settings.outputs.registry }}/${{ steps.settings.outputs.image }}@${{ steps.build.outputs.digest }}',
      'fail-build': true,
    });
  });

  it('is started by its content before anybody can release it', () => {
    const { steps } = job('ci', 'test-image');
    const image =
      '${{ steps.settings.outputs.registry }}/${{ steps.settings.outputs.image }}@${{ needs.build-and-publish.outputs.digest }}';
    const at = (part: RegExp) => steps.findIndex((step) => part.test(`${step.uses} ${step.run}`));
    expect(steps[at(/docker pull/)]?.env['IMAGE']).toBe(image);
    expect(steps[at(/--project image/)]?.env).toEqual({
      TEST_IMAGE: image,
      TEST_IMAGE_REVISION: '${{ github.sha }}',
      TEST_IMAGE_SOURCE: '${{ github.server_url }}/${{ github.repository }}',
    });
    // The code of npm packages runs only after the key is gone.
    const order = [/login-action/, /docker pull[^]*docker logout/, /npm ci/, /--project image/].map(at);
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });
});

describe('the stacks', () => {
  it('meet OpenTofu of the version that releases use, and the real providers', () => {
    const { steps } = job('ci', 'test-stacks');
    const versions = everyStep.flatMap(({ step }) =>
      step.uses?.startsWith('opentofu/setup-opentofu@') ? [step.with['tofu_version']] : [],
    );
    expect(versions).toHaveLength(4);
    expect(new Set(versions).size).toBe(1);
    const at = (part: RegExp) => steps.findIndex((step) => part.test(`${step.uses} ${step.run}`));
    const order = [/setup-opentofu/, /npm run synth/, /init [^]*validate/, /--project stacks/].map(at);
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });
});
