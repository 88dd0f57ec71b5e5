import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findTerraform, NO_TERRAFORM } from '../support/terraform.ts';
import { goodVariables, initStack, type AppliedStack } from './support/applied.ts';
import { bootstrapJson, productionJson } from './support/stack-json.ts';

// Real: the terraform or tofu binary and the synthesized stacks. Replaced: the two clouds. The
// stand-in providers know the pinned schemas and plan like Scaleway's provider
// (test/support/servers/stand-in-provider).

const terraform = findTerraform();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollout-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach((context) => context.skip(!terraform, NO_TERRAFORM));

/** Makes the cloud's answer about a container. */
const container = (status: string): Record<string, Record<string, unknown>> => ({
  scaleway_container: {
    status,
    error_message: status === 'error' ? 'container exited with 1' : '',
    public_endpoint: 'https://meemikansio1234-app.functions.fnc.fr-par.scw.cloud',
  },
});

describe('the bootstrap stack', () => {
  let stack: AppliedStack;

  beforeAll(async () => {
    if (terraform) stack = await initStack(terraform, join(folder, 'bootstrap'), bootstrapJson());
  });

  it('is valid', async () => {
    expect(await stack.run(['validate'])).toMatchObject({ code: 0 });
  });

  it('applies, changes nothing the second time, and shows no secret', async () => {
    await stack.setWorld({ scaleway_iam_api_key: { secret_key: 'hunter2', access_key: 'SCWFROMTHECLOUD' } });
    const { code, output } = await stack.run(['apply', '-auto-approve']);
    expect(code, output).toBe(0);
    expect(output).toContain('SCWFROMTHECLOUD');
    expect(output).not.toContain('hunter2');
    expect(await stack.run(['output', '-raw', 'SCW_SECRET_KEY'])).toMatchObject({
      code: 0,
      output: 'hunter2',
    });
    expect(await stack.run(['plan', '-detailed-exitcode'])).toMatchObject({ code: 0 });
  });

  it('refuses to be destroyed', async () => {
    const { code, output } = await stack.run(['destroy', '-auto-approve']);
    expect(code).toBe(1);
    expect(output).toMatch(/prevent_destroy/);
  });
});

describe('the production stack', () => {
  let stack: AppliedStack;

  beforeAll(async () => {
    if (terraform) stack = await initStack(terraform, join(folder, 'production'), productionJson());
  });

  it('is valid', async () => {
    expect(await stack.run(['validate'])).toMatchObject({ code: 0 });
  });

  it('goes live in one apply: the record points at the container, addresses are told, secrets are not', async () => {
    await stack.setWorld(container('ready'));
    const secret = { jwt_secret: 'hunter2'.repeat(8) };
    const { code, output } = await stack.run(['apply', '-auto-approve'], secret);
    expect(code, output).toBe(0);
    expect(output).toMatch(/site_url\s+= "https:\/\/meemit\.mainittu\.fi"/);
    expect(output).not.toContain('hunter2');
    expect(await stack.stateOf('aws_route53_record')).toContain(
      '"records":["meemikansio1234-app.functions.fnc.fr-par.scw.cloud"]',
    );
    expect(await stack.run(['plan', '-detailed-exitcode'], secret)).toMatchObject({ code: 0 });
  });

  it('fails a release whose container does not come up, and says why and where to look', async () => {
    await stack.setWorld(container('error'));
    const { code, output } = await stack.run(['apply', '-auto-approve'], { image_tag: 'broken' });
    expect(code).toBe(1);
    expect(output).toContain('The container is "error" instead of "ready": container exited with 1.');
    expect(output.replaceAll(/\s+/g, ' ')).toContain('See "Container in error" in docs/recovery.md.');
  });

  it('does not call that release done when nothing has changed', async () => {
    const { code, output } = await stack.run(['plan'], { image_tag: 'broken' });
    expect(code).toBe(1);
    expect(output).toContain('instead of "ready"');
  });

  it('lets the next release repair it', async () => {
    await stack.setWorld(container('ready'));
    const { code, output } = await stack.run(['apply', '-auto-approve'], { image_tag: 'fixed' });
    expect(code, output).toBe(0);
    expect(output).toMatch(/1 added, \d changed, 1 destroyed/);
  });

  it('lets a corrected secret repair it, with the same image', async () => {
    await stack.setWorld(container('error'));
    const wrong = { image_tag: 'fixed', database_url: 'postgresql://meemi:typo@db.example:5432/postgres' };
    expect(await stack.run(['apply', '-auto-approve'], wrong)).toMatchObject({ code: 1 });
    await stack.setWorld(container('ready'));
    expect(await stack.run(['apply', '-auto-approve'], { image_tag: 'fixed' })).toMatchObject({ code: 0 });
  });

  it('tries the same again if told to', async () => {
    await stack.setWorld(container('error'));
    expect(await stack.run(['apply', '-auto-approve'], { image_tag: 'unlucky' })).toMatchObject({ code: 1 });
    await stack.setWorld(container('ready'));
    const again = ['apply', '-auto-approve', '-replace=terraform_data.app_rollout'];
    const { code, output } = await stack.run(again, { image_tag: 'unlucky' });
    expect(code, output).toBe(0);
    expect(output).toContain('scaleway_container.app_container: Modifying');
  });

  it('refuses to be destroyed', async () => {
    const { code, output } = await stack.run(['destroy', '-auto-approve'], { image_tag: 'unlucky' });
    expect(code).toBe(1);
    expect(output).toMatch(/prevent_destroy/);
  });

  it('keeps no secret for telling whether one has changed', async () => {
    const rollout = await stack.stateOf('terraform_data');
    expect(rollout).toContain('"PUBLIC_URL"');
    expect(rollout).not.toContain(goodVariables.jwt_secret);
    expect(rollout).not.toContain('p%40ss');
  });
});
