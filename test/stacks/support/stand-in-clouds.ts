import type { Outcome, StackParts } from '../../../stacks/deploy/surroundings.ts';
import { ANSWERS, ok, PROJECT, refused, STATE_BUCKET, type World } from './stand-in-state.ts';

const UNKNOWN = 'Stack with id meemikansio-release does not exist';

/** Stands in for the command `aws`. */
export function answerAws(world: World, args: readonly string[]): Outcome {
  const { state } = world;
  const [service = '', command = ''] = args;
  switch (`${service} ${command}`.trim()) {
    case '--version':
      return ok();
    case 'sts get-caller-identity':
      return world.signedOut.includes('aws') ? refused('no credentials') : ok({});
    case 'route53 list-hosted-zones':
      return ok({ HostedZones: world.zones });
    case 'route53 get-hosted-zone': {
      const nameServers = ['ns-1.awsdns-01.org.', 'ns-2.awsdns-02.com.'];
      return ok({ HostedZone: world.zones[0], DelegationSet: { NameServers: nameServers } });
    }
    case 'iam list-open-id-connect-providers':
      return ok({ OpenIDConnectProviderList: state.providers.map((Arn) => ({ Arn })) });
    case 'cloudformation describe-stacks': {
      const Outputs = [{ OutputValue: 'arn:aws:iam::1:role/release' }];
      return state.role === null
        ? refused(UNKNOWN, 254)
        : ok({ Stacks: [{ StackStatus: state.roleStatus, Outputs }] });
    }
    case 'cloudformation deploy':
      world.change(() => (state.role = args.slice(args.indexOf('--parameter-overrides') + 1)));
      return ok();
    default:
      throw new Error(`No stand-in for aws ${args.join(' ')}.`);
  }
}

/** Returns the value of an output, in the shape of a secret where it is one. */
export const outputValue = (name: string): string => `value-of-${name}`;

function stateFile({ resources, outputs }: StackParts): string {
  return JSON.stringify({
    outputs: Object.fromEntries(
      outputs.map((name) => [name, { value: outputValue(name), sensitive: name.includes('SECRET') }]),
    ),
    resources: resources.map((address) => {
      const [type, name] = address.split('.');
      return { mode: 'managed', type, name, instances: [{}] };
    }),
  });
}

/** Stands in for the command `tofu` in the stack bootstrap. An apply can end in its middle. */
export function answerTofu(
  world: World,
  args: readonly string[],
  env: Record<string, string>,
  parts: StackParts,
): Outcome {
  const { state } = world;
  const [first = '', command = ''] = args;
  if (first === 'version') return ok({ terraform_version: world.tofuVersion });
  if (first !== '-chdir=cdktf.out/stacks/bootstrap') throw new Error(`tofu runs in ${first}.`);
  if (env['SCW_SECRET_KEY'] !== ANSWERS.SCW_SECRET_KEY || env['TF_VAR_project_id'] !== PROJECT)
    return refused('permission denied');
  if (command === 'apply') {
    const resources = parts.resources.slice(0, 3);
    world.change(() => (state.files['bootstrap.tfstate'] = stateFile({ resources, outputs: [] })));
    world.change(() => {
      state.files['bootstrap.tfstate'] = stateFile(parts);
      state.buckets.push(STATE_BUCKET);
    });
  }
  return ok(`tofu ${command}\n`);
}
