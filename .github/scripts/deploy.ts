import { addSummary, addWarning, maskInLog, required, step } from './actions.ts';
import { awsKeys } from './aws.ts';
import { ADDRESSES, deploy, destroySite, unlockState, type Surroundings } from './deployment.ts';
import { settledDomain } from './domain.ts';
import { listReleases } from './github.ts';
import { planSummary, secretValues } from './plan-summary.ts';
import { commitOf } from './release-tag.ts';
import { settingsOf } from './settings.ts';
import { deployedRevision, waitForRevision } from './site.ts';
import { initState, isLocked, stackTofu } from './tofu.ts';

/** Carries out what `operation.ts` has decided. */

const MINUTE_MS = 60_000;

/** Returns the keys of the role, if one is set; those of the environment are used otherwise. */
async function keysOfAws(): Promise<Record<string, string>> {
  const role = process.env['AWS_ROLE_ARN'] ?? '';
  if (role === '') return {};
  const keys = await awsKeys({
    role,
    tokenUrl: required('ACTIONS_ID_TOKEN_REQUEST_URL'),
    tokenRequest: required('ACTIONS_ID_TOKEN_REQUEST_TOKEN'),
    sts: 'https://sts.amazonaws.com',
  });
  for (const key of Object.values(keys)) maskInLog(key);
  return keys;
}

async function surroundings(environment: string): Promise<Surroundings> {
  const { site } = settingsOf(environment);
  const secretKey = required('SCW_SECRET_KEY');
  const tofu = stackTofu(environment, await keysOfAws());
  await initState(tofu, required('SCW_ACCESS_KEY'), secretKey, isLocked(environment));
  const releases = await listReleases(
    required('GITHUB_API_URL'),
    required('GITHUB_REPOSITORY'),
    required('GITHUB_TOKEN'),
  );
  return {
    site,
    tofu,
    revisionOf: deployedRevision,
    waitFor: (address, revision) =>
      waitForRevision(address, revision, { timeoutMs: 10 * MINUTE_MS, intervalMs: 5000 }),
    domain: (id) =>
      settledDomain(id, {
        api: process.env['SCW_API_URL'] ?? 'https://api.scaleway.com',
        secretKey,
        timeoutMs: 5 * MINUTE_MS,
        intervalMs: 10_000,
      }),
    released: releases.filter(({ prerelease }) => !prerelease).map(({ tag }) => commitOf(tag)),
    showPlan: (plan) => addSummary(planSummary(plan, secretValues(process.env))),
    tell: addSummary,
    warn: addWarning,
  };
}

if (import.meta.main) {
  await step(async () => {
    const action = required('ACTION');
    const on = await surroundings(required('ENVIRONMENT'));
    if (action === 'unlock the state') return unlockState(on, required('LOCK'));
    const commit = required('COMMIT');
    if (action === 'destroy') return destroySite(on, commit);
    // Replaces the rollout even without changes: a repeated release is a real second try. A rotated
    // key is taken into use.
    return deploy(on, commit, action === 'replace the container' ? ADDRESSES.container : ADDRESSES.rollout);
  });
}
