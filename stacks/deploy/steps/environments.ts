import { z } from 'zod';
import { change, github } from '../github.ts';
import type { Action, Step, World } from '../step.ts';

interface Policy {
  name: string;
  type: 'branch' | 'tag';
}

const environment = z.object({
  deployment_branch_policy: z.object({ custom_branch_policies: z.boolean() }).nullish(),
});
const policies = z.object({
  branch_policies: z.array(z.object({ name: z.string(), type: z.string().optional() })),
});

async function plan(on: World, name: string, wanted: readonly Policy[]): Promise<Action[]> {
  const path = `repos/{owner}/{repo}/environments/${name}`;
  const found = await github(on, environment, path);
  const limited = wanted.length > 0;
  const actions: Action[] = [];
  if (!found || (limited && !found.deployment_branch_policy?.custom_branch_policies)) {
    const policy = { protected_branches: false, custom_branch_policies: true };
    actions.push({
      say: `Make the environment ${name} at GitHub.`,
      do: () => change(on, 'PUT', path, { deployment_branch_policy: limited ? policy : null }),
    });
  }
  const there = found && limited ? await github(on, policies, `${path}/deployment-branch-policies`) : null;
  for (const one of wanted) {
    if (
      there?.branch_policies.some(
        (policy) => policy.name === one.name && (policy.type ?? 'branch') === one.type,
      )
    )
      continue;
    actions.push({
      say: `Let only the ${one.type} ${one.name} use ${name}.`,
      do: () => change(on, 'POST', `${path}/deployment-branch-policies`, one),
    });
  }
  return actions;
}

/** An environment for each kind of job, which guards its keys. */
export const environments: Step = {
  title: 'Environments at GitHub',
  async plan(on) {
    const { branch, hasEnvironments } = await on.facts.repository();
    if (!hasEnvironments) return [];
    const ofBranch: Policy = { name: branch, type: 'branch' };
    return [
      ...(await plan(on, 'build', [ofBranch])),
      ...(await plan(on, 'plan', [])),
      ...(await plan(on, 'production', [ofBranch, { name: 'build-*', type: 'tag' }])),
    ];
  },
};
