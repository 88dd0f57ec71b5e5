import { z } from 'zod';
import { Problem } from './problem.ts';
import { printed, type Given, type Surroundings } from './surroundings.ts';

export interface Repository {
  /** `OWNER/NAME`. */
  name: string;
  branch: string;
  /** False on GitHub Free in a private repository, which has no environments. */
  hasEnvironments: boolean;
}

const repository = z.object({
  full_name: z.string(),
  private: z.boolean(),
  default_branch: z.string(),
  owner: z.object({ login: z.string(), type: z.string() }),
  permissions: z.object({ admin: z.boolean() }).optional(),
});
const owner = z.object({ plan: z.object({ name: z.string() }).nullish() });

/** Nothing of that name; an empty repository has no commit, and says so in other numbers. */
const ABSENT = /HTTP (404|409|422)/;

/**
 * Asks GitHub's interface. `null`: there is no such thing.
 *
 * @param path `{owner}` and `{repo}` are those of the clone
 */
export async function github<Shape extends z.ZodType>(
  on: Surroundings,
  shape: Shape,
  path: string,
): Promise<z.infer<Shape> | null> {
  const { code, stdout, stderr } = await on.run('gh', ['api', path]);
  if (code === 0) return shape.parse(JSON.parse(stdout));
  if (ABSENT.test(stderr)) return null;
  throw new Problem(`GitHub does not answer (${stderr.trim().split('\n').at(-1)}): try "gh api ${path}".`);
}

/** Changes something at GitHub. A body goes by standard input. */
export async function change(
  on: Surroundings,
  method: 'PUT' | 'POST',
  path: string,
  body: object,
): Promise<void> {
  await printed(on, 'gh', ['api', '--method', method, path, '--input', '-'], { input: JSON.stringify(body) });
}

/** Runs another command of `gh`. Returns what it printed. */
export const gh = (on: Surroundings, args: readonly string[], given: Given = {}): Promise<string> =>
  printed(on, 'gh', args, given);

/**
 * @throws Problem if the clone has no repository at GitHub, or the person no right to its settings
 */
export async function readRepository(on: Surroundings): Promise<Repository> {
  const found = await github(on, repository, 'repos/{owner}/{repo}');
  if (!found)
    throw new Problem('The clone has no repository at GitHub that you may see: make it, and push to it.');
  if (found.permissions?.admin !== true)
    throw new Problem(
      `You may not change the settings of ${found.full_name}: become an administrator of it.`,
    );
  return {
    name: found.full_name,
    branch: found.default_branch,
    hasEnvironments: !found.private || (await planOf(on, found.owner)) !== 'free',
  };
}

/**
 * Returns the plan of a private repository's owner.
 *
 * @throws Problem if GitHub does not tell it: the sign-in of `gh` does not include it by itself
 */
async function planOf(on: Surroundings, { login, type }: { login: string; type: string }): Promise<string> {
  const [path, scope] = type === 'Organization' ? [`orgs/${login}`, 'admin:org'] : ['user', 'user'];
  const plan = (await github(on, owner, path))?.plan?.name;
  if (plan) return plan;
  throw new Problem(`GitHub does not tell the plan of ${login}: run "gh auth refresh --scopes ${scope}".`);
}
