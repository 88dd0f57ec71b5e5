import { setTimeout as sleep } from 'node:timers/promises';
import { required, setOutputs, step } from './actions.ts';
import { settingsOf } from './settings.ts';

/** Time limit of one request; a sleeping container may take this long. */
const REQUEST_TIMEOUT_MS = 20_000;

/** Returns the revision a site reports; `null` if it does not answer, or with something else. */
export async function deployedRevision(site: string): Promise<string | null> {
  try {
    const response = await fetch(`${site}/api/health`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    if (!response.ok) return null;
    const body: unknown = await response.json();
    if (typeof body !== 'object' || body === null || !('revision' in body)) return null;
    return typeof body.revision === 'string' ? body.revision : null;
  } catch {
    // Not there, not yet, or no certificate yet: the caller treats them alike.
    return null;
  }
}

interface Waiting {
  timeoutMs: number;
  intervalMs: number;
}

/**
 * Waits until the site runs a revision and is ready. During a rollout both revisions answer in
 * turn, so three answers in a row must match.
 *
 * @throws after the time limit, with the last answer
 */
export async function waitForRevision(
  site: string,
  revision: string,
  { timeoutMs, intervalMs }: Waiting,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let seen: string | null = null;
  let ready = false;
  for (let inARow = 0; inARow < 3;) {
    seen = await deployedRevision(site);
    ready = seen === revision && (await isReady(site));
    inARow = ready ? inARow + 1 : 0;
    if (inARow === 3) return;
    if (Date.now() >= deadline) break;
    await sleep(intervalMs);
  }
  const what = seen === revision ? 'runs it, but is not ready (see /api/ready)' : `says ${seen ?? 'nothing'}`;
  throw new Error(`${site} does not run ${revision} after ${timeoutMs / 1000} s: it ${what}.`);
}

async function isReady(site: string): Promise<boolean> {
  try {
    return (await fetch(`${site}/api/ready`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) })).ok;
  } catch {
    // As in deployedRevision.
    return false;
  }
}

if (import.meta.main) {
  await step(async () => {
    const { site } = settingsOf(required('ENVIRONMENT'));
    setOutputs({ revision: (await deployedRevision(site)) ?? '' });
  });
}
