import { required, setOutputs, step } from './actions.ts';
import { commitOf } from './release-tag.ts';
import { listReleases } from './github.ts';

interface Situation {
  /** What was to be released. */
  wanted: string;
  /** What the site said it ran before; empty when it said nothing. */
  before: string;
  /** Commits released before, newest first, whether or not they ever worked. */
  released: readonly string[];
}

/**
 * The image to go back to after a release that did not come up: what ran before, or, when the site said nothing then, the
 * newest other release. `null` when there is nothing to go back to, as for the first release.
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
