import { globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findTerraform, NO_TERRAFORM, runTerraform, type Outcome } from '../support/terraform.ts';
import { get, productionJson, set, type JsonObject } from './support/stack-json.ts';

// Real: the binary and the AWS provider. The provider lies unpacked on this machine, or the
// binary's configuration or a registry supplies it. The configuration is TF_CLI_CONFIG_FILE or
// ~/.terraformrc (a mirror or dev_overrides). Without a provider this one test is skipped and says
// so. rollout.test.ts validates the same part against the provider's schema.

const terraform = findTerraform();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-part-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * Folders of unpacked providers: `/opt`, and
 * https://opentofu.org/docs/cli/config/config-file/#implied-local-mirror-directories
 */
const MIRRORS = [
  join(homedir(), '.terraform.d/plugins'),
  join(homedir(), '.local/share/terraform/plugins'),
  '/usr/local/share/terraform/plugins',
  '/usr/share/terraform/plugins',
  '/opt/*',
];

/**
 * Makes a configuration that uses the local provider, of any version and registry. Empty if there
 * is none.
 */
async function localProvider(): Promise<Record<string, string>> {
  const platform = `${process.platform}_${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const [found] = MIRRORS.flatMap((mirror) => globSync(`${mirror}/registry.*/hashicorp/aws/*/${platform}`));
  if (!found) return {};
  const file = join(folder, 'cli.tfrc');
  const overrides = `dev_overrides { "registry.opentofu.org/hashicorp/aws" = ${JSON.stringify(found)} }`;
  await writeFile(file, `provider_installation {\n  ${overrides}\n  direct {}\n}\n`);
  return { TF_CLI_CONFIG_FILE: file };
}

/** Returns production without Scaleway: the container's address is a text. */
function awsPart(): JsonObject {
  const stack = productionJson();
  const record = 'resource.aws_route53_record.site_record';
  set(stack, `${record}.records.0`, '${trimprefix("https://app.example", "https://")}');
  return {
    terraform: {
      required_providers: { aws: get(stack, 'terraform.required_providers.aws') ?? {} },
      required_version: get(stack, 'terraform.required_version') ?? '',
    },
    provider: { aws: get(stack, 'provider.aws') ?? {} },
    variable: { route53_zone_id: get(stack, 'variable.route53_zone_id') ?? {} },
    resource: { aws_route53_record: { site_record: get(stack, record) ?? {} } },
  };
}

describe('the AWS part of production', () => {
  it('is valid to the real provider', async (context) => {
    context.skip(!terraform, NO_TERRAFORM);
    await writeFile(join(folder, 'main.tf.json'), JSON.stringify(awsPart(), null, 2));
    const ambient = Object.fromEntries(
      ['HOME', 'TF_CLI_CONFIG_FILE', 'TF_PLUGIN_CACHE_DIR'].flatMap((name) => {
        const value = process.env[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const env = { ...ambient, ...(await localProvider()) };
    const run = (...args: string[]): Promise<Outcome> => runTerraform(terraform ?? '', folder, args, env);
    // init fails with dev_overrides and without any provider. Only validate can tell.
    await run('init', '-backend=false');
    const { code, output } = await run('validate');
    context.skip(
      /Missing required provider|Inconsistent dependency lock file|Required plugins are not installed/.test(
        output,
      ),
      'no AWS provider on this machine',
    );
    expect(code, output).toBe(0);
  });
});
