import { setTimeout as sleep } from 'node:timers/promises';
import { required, setOutputs, step } from './actions.ts';

/** One request; a container that was asleep may take this long. */
const REQUEST_TIMEOUT_MS = 20_000;

/** What a site runs, as it says itself; `null` when it does not answer, or with something else. */
export async function deployedRevision(site: string): Promise<string | null> {
  try {
    const response = await fetch(`${site}/api/health`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    if (!response.ok) return null;
    const body: unknown = await response.json();
    if (typeof body !== 'object' || body === null || !('revision' in body)) return null;
    return typeof body.revision === 'string' ? body.revision : null;
  } catch {
    return null; // not there, not yet, or no certificate yet: for the caller all the same
  }
}

interface Waiting {
  timeoutMs: number;
  intervalMs: number;
}

/**
 * Waits until the site runs a revision and is ready to work: while a release rolls out, both answer in turn, so it has
 * to say so three times running.
 * @throws after the time, saying what it saw last
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
    return false; // as in deployedRevision
  }
}

if (import.meta.main) {
  await step(async () => {
    const site = required('SITE');
    const [command] = process.argv.slice(2);
    if (command === 'deployed') setOutputs({ revision: (await deployedRevision(site)) ?? '' });
    else if (command === 'wait') {
      await waitForRevision(site, required('REVISION'), { timeoutMs: 600_000, intervalMs: 5000 });
    } else throw new Error('site.ts deployed|wait');
  });
}
