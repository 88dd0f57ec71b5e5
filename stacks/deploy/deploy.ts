import { account } from './checks/account.ts';
import { database } from './checks/database.ts';
import { domain } from './checks/domain.ts';
import { names } from './checks/names.ts';
import { repository } from './checks/repository.ts';
import { tools } from './checks/tools.ts';
import { createFacts } from './facts.ts';
import { Problem } from './problem.ts';
import { SITE } from './site.ts';
import type { Check, Step, World } from './step.ts';
import { admin } from './steps/admin.ts';
import { awsRole } from './steps/aws-role.ts';
import { bootstrap } from './steps/bootstrap.ts';
import { environments } from './steps/environments.ts';
import { release } from './steps/release.ts';
import { secrets } from './steps/secrets.ts';
import type { Surroundings } from './surroundings.ts';

const CHECKS: readonly Check[] = [repository, names, domain, database, account];
export const STEPS: readonly Step[] = [bootstrap, awsRole, environments, secrets, release, admin];

export interface Options {
  /** Shows what would be done, and changes nothing. */
  dryRun: boolean;
  /** Asks for a yes before a step changes something. False ends the run. */
  confirm: (question: string) => Promise<boolean>;
}

/** The operator said no. Earlier changes stay. */
export class Declined extends Error {}

/**
 * Leads from nothing to a live site, or from where an earlier run ended.
 *
 * @throws Problem with a sentence for each thing that has to be mended first
 * @throws Declined
 */
export async function deploy(surroundings: Surroundings, options: Options): Promise<void> {
  const on: World = { ...surroundings, facts: createFacts(surroundings) };
  await preflight(on);
  for (const step of STEPS) await carryOut(on, step, options);
  on.tell(options.dryRun ? 'Nothing was changed.' : `${SITE} is live.`);
}

/** Runs every check, so that one run tells everything that is missing. */
async function preflight(on: World): Promise<void> {
  // Without the tools nothing else can be asked.
  on.tell(`${tools.title}: ${await tools.run(on)}.`);
  const problems: string[] = [];
  for (const check of CHECKS) {
    try {
      on.tell(`${check.title}: ${await check.run(on)}.`);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      problems.push(`${check.title}: ${error.message}`);
    }
  }
  if (problems.length > 0) throw new Problem([...new Set(problems)].join('\n'));
}

async function carryOut(on: World, step: Step, { dryRun, confirm }: Options): Promise<void> {
  const actions = await step.plan(on);
  if (actions.length === 0) return on.tell(`${step.title}: done already.`);
  on.tell([`${step.title}:`, ...actions.map(({ say }) => `  - ${say}`)].join('\n'));
  if (dryRun) return;
  if (!(await confirm(`${step.title}: do this?`))) throw new Declined();
  for (const action of actions) {
    if (action.asks && !(await confirm(action.say))) throw new Declined();
    on.tell(action.say);
    await action.do();
  }
}
