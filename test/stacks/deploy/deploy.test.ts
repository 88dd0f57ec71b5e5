import { describe, expect, it } from 'vitest';
import { bootstrapped } from '../../../stacks/deploy/bootstrap-state.ts';
import { Declined, deploy } from '../../../stacks/deploy/deploy.ts';
import { Problem } from '../../../stacks/deploy/problem.ts';
import { setupCodeOf } from '../../../stacks/deploy/setup-code.ts';
import { outputValue } from '../support/stand-in-clouds.ts';
import { ANSWERS, Interrupted, newState } from '../support/stand-in-state.ts';
import { createWorld, expectedInputs } from '../support/stand-in-world.ts';

// Runs `npm run deploy` in memory. Real: its code, and the bootstrap stack. Replaced: every
// command, both clouds, GitHub, the site and the files.

type World = ReturnType<typeof createWorld>;
const ALL = { dryRun: false, confirm: async () => true };
const STEPS = [
  'Bootstrap',
  'Role at AWS',
  'Environments at GitHub',
  'Secrets and variables at GitHub',
  'First release',
  'First account',
];

/** Returns a world in which a whole run has ended. */
async function deployed(world: World = createWorld()): Promise<World> {
  await deploy(world.on(), ALL);
  return world;
}

describe('npm run deploy', () => {
  it('leads from nothing to a live site with an administrator', async () => {
    const { state, lines } = await deployed();
    const { secrets, variables } = expectedInputs();
    expect(Object.keys(state.github.secrets).sort()).toEqual(secrets.sort());
    expect(Object.keys(state.github.variables).sort()).toEqual(variables.sort());
    expect(state.github.environments).toEqual({
      build: { limited: true, policies: ['branch main'] },
      plan: { limited: false, policies: [] },
      production: { limited: true, policies: ['branch main', 'tag build-*'] },
    });
    expect(state.role).toEqual(['Zone=Z0123456789', 'Repository=aino/meemikansio']);
    expect(state.site).toEqual({ revision: 'b'.repeat(40), accounts: ['Aino'] });
    expect(lines.at(-1)).toBe('https://meemit.mainittu.fi is live.');
  });

  it('stores what each place has: outputs, the certificate in base64, ids', async () => {
    const { github, files } = (await deployed()).state;
    expect(github.secrets['build/BUILD_SCW_SECRET_KEY']).toBe(outputValue('BUILD_SCW_SECRET_KEY'));
    expect(github.secrets['production/DATABASE_URL']).toBe(ANSWERS.DATABASE_URL);
    const certificate = Buffer.from(github.secrets['production/DATABASE_CA'] ?? '', 'base64').toString();
    expect(certificate).toBe(files['prod-ca.crt']);
    expect(github.variables).toMatchObject({
      ROUTE53_ZONE_ID: 'Z0123456789',
      AWS_ROLE_ARN: 'arn:aws:iam::1:role/release',
      BACKUP_RECIPIENT: `age1${'q'.repeat(58)}`,
    });
    // The identity stays, the setup code has served.
    expect(Object.keys(files).sort()).toEqual([
      'bootstrap.tfstate',
      'meemikansio-identity.txt',
      'prod-ca.crt',
    ]);
  });

  it('shows everything in a dry run, and changes nothing', async () => {
    const world = createWorld();
    const before = structuredClone(world.state);
    await deploy(world.on(), { dryRun: true, confirm: () => Promise.reject(new Error('asks')) });
    expect(world.state).toEqual(before);
    expect(world.changes).toBe(0);
    for (const step of STEPS)
      expect(world.lines.filter((line) => line.startsWith(`${step}:\n  - `))).toHaveLength(1);
    const text = world.lines.join('\n');
    for (const name of Object.values(expectedInputs()).flat())
      expect(text).toContain(name.replace(/.*\//, ''));
    expect(world.lines.at(-1)).toBe('Nothing was changed.');
  });

  it('does nothing the second time, and needs no answer for it but the own key', async () => {
    const { state } = await deployed();
    const before = structuredClone(state);
    const again = createWorld(state);
    again.answers = { SCW_ACCESS_KEY: ANSWERS.SCW_ACCESS_KEY, SCW_SECRET_KEY: ANSWERS.SCW_SECRET_KEY };
    await deploy(again.on(), { dryRun: false, confirm: () => Promise.reject(new Error('asks')) });
    expect(again.changes).toBe(0);
    expect(state).toEqual(before);
    for (const step of STEPS) expect(again.lines).toContain(`${step}: done already.`);
  });

  it('ends the same when it was interrupted after any change', async () => {
    const whole = await deployed();
    expect(whole.changes).toBeGreaterThan(25);
    for (let change = 1; change <= whole.changes; change++) {
      const world = createWorld();
      world.interruptAfter = change;
      await expect(deploy(world.on(), ALL)).rejects.toThrow(Interrupted);
      await deployed(createWorld(world.state));
      expect(world.state, `after change ${change}`).toEqual(whole.state);
    }
  });

  it('shows no secret, and puts none on a command line', async () => {
    const { state, lines, commands } = await deployed();
    const secrets = [
      ANSWERS.SCW_SECRET_KEY,
      ANSWERS.ADMIN_PASSWORD,
      'p%40ssword',
      'p@ssword',
      'AGE-SECRET-KEY-1HUNTER2',
      setupCodeOf(state.github.secrets['production/JWT_SECRET'] ?? ''),
      ...Object.values(state.github.secrets),
    ];
    expect(secrets.length).toBeGreaterThan(14);
    for (const secret of secrets) {
      expect(lines.join('\n')).not.toContain(secret);
      expect(commands.join('\n')).not.toContain(secret);
    }
  });

  it('asks before each step, and once more before the plan of the bootstrap is applied', async () => {
    const world = createWorld();
    const questions: string[] = [];
    await deploy(world.on(), {
      dryRun: false,
      confirm: async (question) => {
        questions.push(question);
        return true;
      },
    });
    const [first, second, ...others] = questions;
    expect(first).toBe('Bootstrap: do this?');
    expect(second).toMatch(/^Apply exactly that plan\./);
    expect(others).toEqual(STEPS.slice(1).map((step) => `${step}: do this?`));
  });

  it.each(STEPS)('ends at a no to the step "%s", before it changes anything', async (title) => {
    const world = createWorld();
    const confirm = async (question: string) => question !== `${title}: do this?`;
    await expect(deploy(world.on(), { dryRun: false, confirm })).rejects.toThrow(Declined);
    expect(world.lines.at(-1)).toMatch(new RegExp(`^${title}:\n`));
  });

  it('leaves environments out where GitHub has none, and says what that means', async () => {
    const world = createWorld();
    Object.assign(world.state.github, { private: true, plan: 'free' });
    await deployed(world);
    expect(world.lines.join('\n')).toMatch(/GitHub Free has no environments in a private repository, so/);
    expect(world.state.github.environments).toEqual({});
    expect(Object.keys(world.state.github.secrets).every((name) => name.startsWith('repository/'))).toBe(
      true,
    );
    expect(world.state.site.revision).not.toBeNull();
  });

  it("uses the provider of GitHub's words that the AWS account has", async () => {
    const world = createWorld();
    world.state.providers.push('arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com');
    expect((await deployed(world)).state.role).toContain('Provider=there');
  });

  it('stores the keys of a new bootstrap in place of the old ones', async () => {
    const { state } = await deployed();
    state.files['bootstrap.tfstate'] = (state.files['bootstrap.tfstate'] ?? '').replaceAll(
      'value-of-',
      'newer-',
    );
    const again = await deployed(createWorld(state));
    expect(state.github.secrets['production/SCW_SECRET_KEY']).toBe('newer-SCW_SECRET_KEY');
    expect(state.github.variables['RELEASE_APPLICATION_ID']).toBe('newer-RELEASE_APPLICATION_ID');
    expect(again.lines.join('\n')).not.toContain('Set the secret JWT_SECRET');
  });

  it('repairs a bootstrap of which a part is missing', async () => {
    const { state } = await deployed();
    const half = JSON.parse(state.files['bootstrap.tfstate'] ?? '');
    half.resources.pop();
    state.files['bootstrap.tfstate'] = JSON.stringify(half);
    const again = await deployed(createWorld(state));
    expect(again.lines.join('\n')).toMatch(/\(1 of \d+ resources are missing\)/);
    expect(bootstrapped(again.on()).resources).toHaveLength(half.resources.length + 1);
  });

  it('repeats a build that came before its keys, and not one that fails again', async () => {
    const state = newState();
    state.github.pinned = true;
    const world = createWorld(state);
    expect(world.state.github.runs[0]?.conclusion).toBe('failure');
    await deployed(world);
    expect(world.state.site.revision).toBe('a'.repeat(40));

    const failing = createWorld();
    failing.state.github.pinned = true;
    failing.ciFails = true;
    await expect(deploy(failing.on(), ALL)).rejects.toThrow(
      /^CI has failed: see https:\/\/github\.example\/runs\/1, mend it, and run this again\.$/,
    );
  });

  it('tells a failed deployment, and deploys again in the next run', async () => {
    const world = createWorld();
    world.deployFails = true;
    await expect(deploy(world.on(), ALL)).rejects.toThrow(/^The deployment has failed: see http/);
    const again = await deployed(createWorld(world.state));
    expect(again.lines.join('\n')).toContain('Run the workflow deploy for the newest release.');
    expect(world.state.site.accounts).toEqual(['Aino']);
  });

  it('asks for the setup code where its file is gone', async () => {
    const other = await deployed();
    other.state.site.accounts = [];
    const without = createWorld(other.state);
    await expect(deploy(without.on(), ALL)).rejects.toThrow(Problem);
    const wrong = createWorld(other.state);
    wrong.answers['SETUP_CODE'] = 'not that one at all';
    await expect(deploy(wrong.on(), ALL)).rejects.toThrow(/^The setup code is wrong: give that of the log/);
    const right = createWorld(other.state);
    right.answers['SETUP_CODE'] = setupCodeOf(other.state.github.secrets['production/JWT_SECRET'] ?? '');
    expect((await deployed(right)).state.site.accounts).toEqual(['Aino']);
  });
});
