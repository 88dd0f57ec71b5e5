import { z } from 'zod';
import { change, gh, github } from '../github.ts';
import { Problem } from '../problem.ts';
import {
  builds,
  hasFailed,
  headCommit,
  isPinned,
  newestRun,
  pinsRequest,
  until,
  type WorkflowRun,
} from '../releases.ts';
import { liveRevision, SITE } from '../site.ts';
import type { Action, Step, World } from '../step.ts';

const PERMISSIONS = 'repos/{owner}/{repo}/actions/permissions/workflow';
const permissions = z.object({ can_approve_pull_request_reviews: z.boolean() });

const failed = (what: string, { html_url }: WorkflowRun): Problem =>
  new Problem(`${what} has failed: see ${html_url}, mend it, and run this again.`);

/** Plans the pull request with the hashes of base images and providers, unless they are there. */
async function planPins(on: World, branch: string): Promise<Action[]> {
  if (await isPinned(on, branch)) return [];
  const actions: Action[] = [];
  if (!(await github(on, permissions, PERMISSIONS))?.can_approve_pull_request_reviews)
    actions.push({
      say: 'Allow Actions to create pull requests.',
      do: () =>
        change(on, 'PUT', PERMISSIONS, {
          default_workflow_permissions: 'read',
          can_approve_pull_request_reviews: true,
        }),
    });
  if ((await pinsRequest(on)) === null)
    actions.push({
      say: 'Run the workflow pins, which makes a pull request with the hashes of base images and providers.',
      do: async () => {
        const newest = await newestRun(on, 'pins');
        const runs = newest !== null && newest.status !== 'completed';
        // An earlier run of this command may have started it.
        if (!runs) await gh(on, ['workflow', 'run', 'pins.yml', '--ref', branch]);
        const before = runs ? undefined : newest?.id;
        await until(on, 'The workflow pins', async () => {
          const run = await newestRun(on, 'pins');
          if (run && run.id !== before && hasFailed(run)) throw failed('The workflow pins', run);
          return pinsRequest(on);
        });
      },
    });
  actions.push({
    say: 'Merge that pull request.',
    do: async () => {
      const number = await pinsRequest(on);
      if (number === null)
        throw new Problem('The pull request of the workflow pins is gone: run this again.');
      await gh(on, ['pr', 'merge', String(number), '--squash']);
    },
  });
  return actions;
}

/** Waits until CI has built and tested the newest commit. Returns it. */
async function built(on: World, branch: string): Promise<string> {
  const head = await headCommit(on, branch);
  if (head === null) throw new Problem(`The branch ${branch} is gone: push it again.`);
  let repeated: number | null = null;
  return until(on, `CI of ${head}`, async () => {
    if ((await builds(on)).waiting.includes(head)) return head;
    const run = await newestRun(on, 'ci', head);
    if (!run || !hasFailed(run)) return null;
    if (repeated !== null && run.run_attempt > repeated) throw failed('CI', run);
    if (repeated === null) {
      // The code may have been pushed before the keys were there.
      repeated = run.run_attempt;
      await gh(on, ['run', 'rerun', String(run.id), '--failed']);
    }
    return null;
  });
}

/** Waits until the site is ready with a released commit. */
async function live(on: World, before: number | undefined): Promise<void> {
  let told = false;
  await until(on, `The release of ${SITE}`, async () => {
    const revision = await liveRevision(on);
    if (revision !== null && (await builds(on)).released.includes(revision)) return revision;
    const run = await newestRun(on, 'deploy');
    if (run && run.id !== before && hasFailed(run)) throw failed('The deployment', run);
    if (run?.status === 'waiting' && !told)
      on.tell(`The release waits for a reviewer: approve it at ${run.html_url}.`);
    told ||= run?.status === 'waiting';
    return null;
  });
}

/** The first release, up to a site that answers. */
export const release: Step = {
  title: 'First release',
  async plan(on) {
    const { branch } = await on.facts.repository();
    const { released } = await builds(on);
    const revision = await liveRevision(on);
    if (revision !== null && released.includes(revision)) return [];
    let before: number | undefined;
    const actions: Action[] = [];
    const deployed = await newestRun(on, 'deploy');
    if (released.length === 0) {
      actions.push(...(await planPins(on, branch)), {
        say: `Wait until CI has built and tested the newest commit of ${branch}, and publish it as a release (up to two hours).`,
        do: async () => {
          const commit = await built(on, branch);
          before = (await newestRun(on, 'deploy'))?.id;
          await gh(on, ['release', 'edit', `build-${commit}`, '--prerelease=false', '--latest']);
        },
      });
    } else if (!deployed || deployed.status === 'completed') {
      actions.push({
        say: 'Run the workflow deploy for the newest release.',
        do: async () => {
          before = deployed?.id;
          await gh(on, ['workflow', 'run', 'deploy.yml', '--ref', branch, '-f', 'action=release']);
        },
      });
    }
    return [...actions, { say: `Wait until ${SITE} answers.`, do: () => live(on, before) }];
  },
};
