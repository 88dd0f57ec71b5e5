import { Problem } from '../problem.ts';
import { headCommit } from '../releases.ts';
import type { Check } from '../step.ts';

/** The repository at GitHub, its code, and what its plan lacks. */
export const repository: Check = {
  title: 'GitHub',
  async run(on) {
    const { name, branch, hasEnvironments } = await on.facts.repository();
    if ((await headCommit(on, branch)) === null)
      throw new Problem(`${name} has no code yet: run "git push origin HEAD:${branch}".`);
    return hasEnvironments
      ? `${name}, branch ${branch}; each key goes into an environment of its own`
      : `${name}, branch ${branch}; GitHub Free has no environments in a private repository, so everybody who can push can use every key`;
  },
};
