import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installStandIns, type StandIns } from '../../support/servers/stand-in-provider/index.ts';
import { runTerraform, type Outcome } from '../../support/terraform.ts';
import { providers } from './schemas.ts';
import { get, set, type JsonObject } from './stack-json.ts';

/** Invented values in the shape of each variable. */
const UUID = '11111111-1111-4111-8111-111111111111';

export const goodVariables = {
  image_tag: 'a'.repeat(40),
  project_id: UUID,
  region: 'fr-par',
  route53_zone_id: 'Z0123456789ABCDEFGHIJ',
  media_application_id: UUID,
  release_application_id: UUID,
  alert_email: '',
  database_url:
    'postgresql://meemi.ref:p%40ss@aws-0-eu.pooler.supabase.com:5432/postgres?sslmode=verify-full',
  database_ca: Buffer.from('-----BEGIN CERTIFICATE-----\n').toString('base64'),
  backup_recipient: `age1${'q'.repeat(58)}`,
  jwt_secret: 'j'.repeat(32),
  s3_access_key_id: `SCW${'A'.repeat(17)}`,
  s3_secret_access_key: UUID,
  operator_user_id: UUID,
};

export type Variables = Partial<Record<keyof typeof goodVariables, string>>;

const asEnvironment = (variables: Variables): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [`TF_VAR_${name}`, value]));

/**
 * A stack as the real binary sees it. Everything is real except the clouds, whose answers are
 * given.
 */
export interface AppliedStack extends Pick<StandIns, 'setWorld'> {
  /** Folder of the configuration and its state. */
  home: string;
  /** Environment of a run by other code: stand-ins, and valid variables but the image's tag. */
  env: Record<string, string | undefined>;
  run(args: readonly string[], variables?: Variables): Promise<Outcome>;
  /** Returns the state file's entry of the resources of a type, as text. */
  stateOf(type: string): Promise<string>;
}

/**
 * Writes a stack into a folder and initializes it. Its state lies beside it; stand-ins replace its
 * providers.
 */
export async function initStack(binary: string, folder: string, stack: JsonObject): Promise<AppliedStack> {
  const home = join(folder, 'stack');
  await mkdir(home, { recursive: true });
  set(stack, 'terraform.backend', { local: { path: 'terraform.tfstate' } });
  await writeFile(join(home, 'cdk.tf.json'), JSON.stringify(stack, null, 2));
  const standIns = await installStandIns(folder, providers);
  const { image_tag: _tag, ...variables } = goodVariables;
  const applied: AppliedStack = {
    home,
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      TF_CLI_ARGS: '-no-color',
      CHECKPOINT_DISABLE: '1',
      ...standIns.env,
      ...asEnvironment(variables),
    },
    setWorld: standIns.setWorld,
    stateOf: async (type) => {
      const state: JsonObject = JSON.parse(await readFile(join(home, 'terraform.tfstate'), 'utf8'));
      const resources = Array.isArray(state['resources']) ? state['resources'] : [];
      return JSON.stringify(resources.filter((resource) => get(resource, 'type') === type));
    },
    run: (args, variables = {}) =>
      runTerraform(binary, home, args, {
        ...standIns.env,
        ...asEnvironment({ ...goodVariables, ...variables }),
      }),
  };
  const { code, output } = await applied.run(['init']);
  if (code !== 0) throw new Error(`init failed:\n${output}`);
  return applied;
}
