import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { addSummary, addWarning, required, step } from './actions.ts';
import { listReleases } from './github.ts';
import { settingsOf } from './settings.ts';

/**
 * Asks the site once a day whether something is wrong that its users do not notice. GitHub mails
 * the operator about a failed run of a schedule.
 */

/** Time limit of one request; a sleeping container may take this long. */
const REQUEST_TIMEOUT_MS = 20_000;

const problem = z.string().nullable();
const readiness = z.object({
  database: problem,
  storage: problem,
  storageAdvice: problem,
  textReader: problem,
  backup: problem,
  jobs: problem,
});

/** The faults of a site in sentences, and advice that is no fault. */
export interface Watched {
  faults: string[];
  advice: string[];
}

/** Asks a site for its faults. A site that wakes up gets `tries` at intervals to become ready. */
export async function watch(
  site: string,
  { tries, intervalMs }: { tries: number; intervalMs: number },
): Promise<Watched> {
  for (let left = tries - 1; ; left--) {
    const watched = await ask(site);
    if (watched.ready || left === 0) return watched;
    await sleep(intervalMs);
  }
}

async function ask(site: string): Promise<Watched & { ready: boolean }> {
  const unready = (fault: string) => ({ ready: false, faults: [fault], advice: [] });
  try {
    const response = await fetch(`${site}/api/ready`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    const report = readiness.safeParse(await response.json());
    if (!report.success) return unready(`${site}/api/ready answered ${response.status} with something else.`);
    const { storageAdvice, ...parts } = report.data;
    return {
      ready: response.ok,
      faults: Object.values(parts).filter((sentence) => sentence !== null),
      advice: storageAdvice === null ? [] : [storageAdvice],
    };
  } catch (error) {
    return unready(`${site} does not answer: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

if (import.meta.main) {
  await step(async () => {
    const api = required('GITHUB_API_URL');
    const releases = await listReleases(api, required('GITHUB_REPOSITORY'), required('GITHUB_TOKEN'));
    if (releases.every(({ prerelease }) => prerelease)) return addSummary('Nothing is released yet.');
    const site = process.env['SITE'] || settingsOf(required('ENVIRONMENT')).site;
    const { faults, advice } = await watch(site, { tries: 6, intervalMs: 10_000 });
    for (const sentence of advice) addWarning(sentence);
    if (faults.length > 0) throw new Error(faults.join('\n'));
    addSummary(`${site} is well.`);
  });
}
