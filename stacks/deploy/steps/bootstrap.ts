import { bootstrapped } from '../bootstrap-state.ts';
import { asOperator } from '../scaleway.ts';
import type { Step, World } from '../step.ts';
import { printed } from '../surroundings.ts';

const STACK = '-chdir=cdktf.out/stacks/bootstrap';
const PLAN = 'deploy.tfplan';

async function tofu(on: World, ...args: string[]): Promise<void> {
  const env = { ...asOperator(await on.facts.account()), TF_IN_AUTOMATION: '1', TF_INPUT: '0' };
  await printed(on, 'tofu', [STACK, ...args], { env, show: true });
}

/** The state bucket, the registry, and the machine users with their keys. */
export const bootstrap: Step = {
  title: 'Bootstrap',
  async plan(on) {
    const [wanted, made] = [await on.bootstrapParts(), bootstrapped(on)];
    const missing = wanted.resources.filter((address) => !made.resources.includes(address));
    const silent = wanted.outputs.filter((name) => !made.outputs.includes(name));
    if (missing.length === 0 && silent.length === 0) return [];
    return [
      {
        say: `Plan the stack bootstrap, and show the plan (${missing.length} of ${wanted.resources.length} resources are missing).`,
        do: async () => {
          await printed(on, 'npm', ['run', '--silent', 'synth'], { show: true });
          await tofu(on, 'init');
          await tofu(on, 'plan', `-out=${PLAN}`);
        },
      },
      {
        say: 'Apply exactly that plan. Its state, bootstrap.tfstate, holds keys: keep it with your passwords.',
        asks: true,
        do: async () => {
          await tofu(on, 'apply', PLAN);
          on.files.remove(`cdktf.out/stacks/bootstrap/${PLAN}`);
        },
      },
    ];
  },
};
