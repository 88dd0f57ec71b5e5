import { z } from 'zod';
import { github } from './github.ts';
import { Problem } from './problem.ts';
import type { World } from './step.ts';

const REPOSITORY = 'repos/{owner}/{repo}';
const POLL_MS = 10_000;
/** Two hours: the tests, the build and the scan take one. */
const MAX_POLLS = 720;

const commit = z.object({ sha: z.string() });
const releases = z.array(z.object({ tag_name: z.string(), prerelease: z.boolean(), draft: z.boolean() }));
const run = z.object({
  id: z.number(),
  run_attempt: z.number(),
  status: z.string(),
  conclusion: z.string().nullable(),
  html_url: z.string(),
});
const runs = z.object({ workflow_runs: z.array(run) });
const pulls = z.array(z.object({ number: z.number(), head: z.object({ ref: z.string() }) }));

export type WorkflowRun = z.infer<typeof run>;

/** Returns the commit of a branch at GitHub; null if nothing was pushed. */
export const headCommit = async (on: World, branch: string): Promise<string | null> =>
  (await github(on, commit, `${REPOSITORY}/commits/${branch}`))?.sha ?? null;

/** Returns the commits that have an image: those released, and those that wait for it. */
export async function builds(on: World): Promise<{ released: string[]; waiting: string[] }> {
  const found = (await github(on, releases, `${REPOSITORY}/releases?per_page=100`)) ?? [];
  const of = (prerelease: boolean) =>
    found
      .filter((one) => !one.draft && one.prerelease === prerelease)
      .flatMap(({ tag_name }) => /^build-([0-9a-f]{40})$/.exec(tag_name)?.[1] ?? []);
  return { released: of(false), waiting: of(true) };
}

/** Returns the newest run of a workflow. */
export async function newestRun(on: World, workflow: string, sha?: string): Promise<WorkflowRun | null> {
  const filter = sha === undefined ? '' : `&head_sha=${sha}`;
  const path = `${REPOSITORY}/actions/workflows/${workflow}.yml/runs?per_page=1${filter}`;
  return (await github(on, runs, path))?.workflow_runs[0] ?? null;
}

export const hasFailed = ({ status, conclusion }: WorkflowRun): boolean =>
  status === 'completed' && conclusion !== 'success';

/** Tells whether the branch has the hashes of the providers. */
export async function isPinned(on: World, branch: string): Promise<boolean> {
  const path = `${REPOSITORY}/contents/stacks/locks/production.lock.hcl?ref=${branch}`;
  return (await github(on, z.unknown(), path)) !== null;
}

/** Returns the number of the open pull request of the workflow `pins`. */
export async function pinsRequest(on: World): Promise<number | null> {
  const found = (await github(on, pulls, `${REPOSITORY}/pulls?state=open&per_page=100`)) ?? [];
  return found.find(({ head }) => head.ref.startsWith('pins-'))?.number ?? null;
}

/**
 * Asks again and again, until there is an answer.
 *
 * @throws Problem after two hours
 */
export async function until<Value>(
  on: World,
  what: string,
  read: () => Promise<Value | null>,
): Promise<Value> {
  for (let polls = 0; polls < MAX_POLLS; polls++) {
    const found = await read();
    if (found !== null) return found;
    await on.wait(POLL_MS);
  }
  throw new Problem(
    `${what} takes more than two hours: look at GitHub's page "Actions", then run this again.`,
  );
}
