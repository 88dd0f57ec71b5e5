import { required, setOutputs, step } from './actions.ts';
import { commitOf } from './release-tag.ts';
import { listReleases } from './github.ts';

interface Situation {
  /** The commit of the failed release. */
  wanted: string;
  /** The commit that the site reported before; empty if it reported none. */
  before: string;
  /** Commits released before, newest first, whether or not they ever worked. */
  released: readonly string[];
}

/**
 * Returns the image to go back to after a failed release. It is the previous one or, if the site
 * reported none, the newest other release. Returns `null` if there is none, as for the first
 * release.
 */
export function rollbackTo({ wanted, before, released }: Situation): string | null {
  if (/^[0-9a-f]{40}$/.test(before) && before !== wanted) return before;
  return released.find((commit) => commit !== wanted) ?? null;
}

if (import.meta.main) {
  await step(async () => {
    const releases = await listReleases(
      required('GITHUB_API_URL'),
      required('GITHUB_REPOSITORY'),
      required('GITHUB_TOKEN'),
    );
    const target = rollbackTo({
      wanted: required('WANTED'),
      before: process.env['BEFORE'] ?? '',
      released: releases.filter((release) => !release.prerelease).map((release) => commitOf(release.tag)),
    });
    if (target === null) throw new Error('There is no earlier release to go back to.');
    setOutputs({ target });
  });
}
