import { execFileSync } from 'node:child_process';
import { required, setOutputs, step } from './actions.ts';
import { listReleases, type Release } from './github.ts';
import { commitOf } from './release-tag.ts';
import { settingsOf } from './settings.ts';
import { deployedRevision } from './site.ts';

/** Actions of the workflow `deploy`. Its form has the same list. */
export const ACTIONS = [
  'release',
  'roll back',
  'replace the container',
  'rotate keys',
  'unlock the state',
  'destroy',
] as const;
type Action = (typeof ACTIONS)[number];

interface Request {
  action: string;
  /** Tag of a release, or empty. */
  tag: string;
  lock: string;
  confirm: string;
}

interface Situation {
  hostname: string;
  /** The commit that the site reports; null if none. */
  running: string | null;
  /** Newest first. */
  releases: readonly Release[];
}

interface Operation {
  action: Action;
  /** The commit whose image is to run; of `destroy`, any. */
  commit: string;
}

const LOCK = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const isAction = (name: string): name is Action => ACTIONS.some((action) => action === name);

/**
 * Decides what a person's request means now.
 *
 * @throws with words for the person, if it cannot be done
 */
export function decide(request: Request, { hostname, running, releases }: Situation): Operation {
  const { action } = request;
  if (!isAction(action)) throw new Error(`"${action}" is none of: ${ACTIONS.join(', ')}.`);
  const published = releases.filter(({ prerelease }) => !prerelease).map(({ tag }) => commitOf(tag));
  const known = published.includes(running ?? '') ? running : (published[0] ?? null);
  const found = (commit: string | null | undefined, what: string): Operation => {
    if (!commit) throw new Error(`There is no ${what}.`);
    return { action, commit };
  };
  if (action === 'release' && request.tag === '') return found(published[0], 'published release');
  if (action === 'roll back' && request.tag === '')
    return found(published[published.indexOf(known ?? '') + 1], 'release before the one that runs');
  if (action === 'release' || action === 'roll back') {
    const commit = commitOf(request.tag);
    if (!published.includes(commit)) throw new Error(`${request.tag} is no published release.`);
    return { action, commit };
  }
  if (action === 'unlock the state') {
    if (!LOCK.test(request.lock))
      throw new Error('Enter the id of the lock, which the failed run shows under "Lock Info".');
    return { action, commit: '' };
  }
  if (action === 'destroy' && request.confirm !== hostname)
    throw new Error(`To end the site, enter its host name, ${hostname}, as the confirmation.`);
  return found(known, 'release that runs or has run');
}

/** Returns the commit of a tag in the clone, which must be the one it names. */
function checkedTag(tag: string): string {
  const commit = commitOf(tag);
  const at = execFileSync('git', ['rev-parse', `refs/tags/${tag}^{commit}`], { encoding: 'utf8' }).trim();
  if (at !== commit) throw new Error(`The tag is at ${at}, and names ${commit}: it has been moved.`);
  return commit;
}

if (import.meta.main) {
  await step(async () => {
    const env = (name: string) => process.env[name] ?? '';
    const { site, hostname } = settingsOf(required('ENVIRONMENT'));
    const running = await deployedRevision(site);
    if (env('COMMIT') !== '') {
      // Staging follows the default branch.
      return setOutputs({ action: 'release', commit: env('COMMIT'), due: 'true', site });
    }
    if (env('RELEASE_TAG') !== '') {
      const commit = checkedTag(env('RELEASE_TAG'));
      // GitHub sends two events for a release; the second one finds it running. A repeated run
      // deploys anyway.
      const due = running !== commit || Number(env('GITHUB_RUN_ATTEMPT')) > 1;
      return setOutputs({ action: 'release', commit, due: String(due), site });
    }
    const releases = await listReleases(
      required('GITHUB_API_URL'),
      required('GITHUB_REPOSITORY'),
      required('GITHUB_TOKEN'),
    );
    const request = {
      action: required('ACTION'),
      tag: env('TAG'),
      lock: env('LOCK'),
      confirm: env('CONFIRM'),
    };
    const operation = decide(request, { hostname, running, releases });
    if (request.tag !== '') checkedTag(request.tag);
    return setOutputs({ ...operation, due: 'true', site });
  });
}
