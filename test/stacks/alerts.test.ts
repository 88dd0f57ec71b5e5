import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findTerraform, NO_TERRAFORM } from '../support/terraform.ts';
import { initStack, type AppliedStack } from './support/applied.ts';
import { productionJson } from './support/stack-json.ts';

// Real: the terraform or tofu binary and the synthesized stack. Replaced: the two clouds.

const terraform = findTerraform();
let folder: string;
let stack: AppliedStack;

/** An alert of the platform, as its list has it. */
const alert = (id: string) => ({
  annotations: {},
  data_source_id: 'metrics',
  display_description: 'Too many errors.',
  display_name: 'Errors',
  duration: '5m',
  name: id,
  preconfigured_rule_id: id,
  product_family: 'compute',
  product_name: 'serverless-containers',
  rule: 'up == 0',
  rule_status: 'disabled',
  state: 'inactive',
});
const cloud = {
  scaleway_container: {
    status: 'ready',
    error_message: '',
    public_endpoint: 'https://meemikansio1234-app.functions.fnc.fr-par.scw.cloud',
  },
  scaleway_cockpit_preconfigured_alert: { alerts: [alert('rule-one'), alert('rule-two')] },
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alerts-'));
  if (!terraform) return;
  stack = await initStack(terraform, folder, productionJson());
  await stack.setWorld(cloud);
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach((context) => context.skip(!terraform, NO_TERRAFORM));

describe("the platform's alerts", () => {
  it('are not there without an address', async () => {
    const { code, output } = await stack.run(['apply', '-auto-approve']);
    expect(code, output).toBe(0);
    expect(await stack.stateOf('scaleway_cockpit_alert_manager')).toBe('[]');
  });

  it('are all on with an address, which gets them, and the second plan is empty', async () => {
    const address = { alert_email: 'aino@meemit.example' };
    const { code, output } = await stack.run(['apply', '-auto-approve'], address);
    expect(code, output).toBe(0);
    const manager = await stack.stateOf('scaleway_cockpit_alert_manager');
    for (const part of ['"rule-one"', '"rule-two"', '"aino@meemit.example"']) expect(manager).toContain(part);
    expect(await stack.run(['plan', '-detailed-exitcode'], address)).toMatchObject({ code: 0 });
  });

  it('end when the address is taken away', async () => {
    const { code, output } = await stack.run(['apply', '-auto-approve']);
    expect(code, output).toBe(0);
    expect(await stack.stateOf('scaleway_cockpit_alert_manager')).toBe('[]');
  });

  it('refuse what is no address', async () => {
    const { code, output } = await stack.run(['plan'], { alert_email: 'aino' });
    expect(code).toBe(1);
    expect(output).toContain('alert_email must be an e-mail address');
  });
});
