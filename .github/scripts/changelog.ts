import { readFileSync } from 'node:fs';
import { addSummary, addWarning, required, step } from './actions.ts';
import { CHANGELOG_SUBJECT, commitsSince, git, groupedCommits, type Commit } from './commits.ts';
import { putFile } from './github.ts';
import { commitOf } from './release-tag.ts';

/** Adds the section of a published release to CHANGELOG.md on the default branch. */

const FILE = 'CHANGELOG.md';
const HEADING = /^## (?<tag>build-[0-9a-f]{40}) /m;

interface ChangelogRelease {
  tag: string;
  /** Day of publication: `2026-12-31`. */
  date: string;
  /** Since the release before, newest first. */
  commits: readonly Commit[];
}

/** Returns the tag of the newest release in a changelog; `null` when it has none. */
export const lastRelease = (changelog: string): string | null =>
  HEADING.exec(changelog)?.groups?.['tag'] ?? null;

/**
 * Puts the section of a release above the older ones.
 *
 * @returns the changelog; unchanged if it has that release, so that a repeated run adds nothing
 */
export function withRelease(changelog: string, { tag, date, commits }: ChangelogRelease): string {
  if (changelog.includes(`\n## ${tag} `)) return changelog;
  const section = [`## ${tag} (${date})`, '', ...groupedCommits(commits), ''].join('\n');
  const at = changelog.search(HEADING);
  return at === -1
    ? `${changelog.trimEnd()}\n\n${section}`
    : `${changelog.slice(0, at)}${section}\n${changelog.slice(at)}`;
}

if (import.meta.main) {
  await step(async () => {
    const tag = required('RELEASE_TAG');
    const before = readFileSync(FILE, 'utf8');
    const last = lastRelease(before);
    // By commit, because the owner may have deleted the tag of an old release.
    const commits = commitsSince(last === null ? null : commitOf(last), commitOf(tag));
    const after = withRelease(before, { tag, date: required('PUBLISHED_AT').slice(0, 10), commits });
    if (after === before) return addSummary(`${FILE} has ${tag} already.`);
    const refusal = await putFile({
      api: required('GITHUB_API_URL'),
      repository: required('GITHUB_REPOSITORY'),
      token: required('GITHUB_TOKEN'),
      path: FILE,
      branch: required('BRANCH'),
      replaces: git('rev-parse', `HEAD:${FILE}`),
      text: after,
      message: `${CHANGELOG_SUBJECT}add the release of ${commitOf(tag).slice(0, 8)}`,
    });
    if (refusal === null) return addSummary(`${FILE} has a section for ${tag}.`);
    // The deployment has succeeded. The section of the next release will include these commits.
    addWarning(`${FILE} has no section for ${tag}, because GitHub refused the commit: ${refusal}`);
    return undefined;
  });
}
