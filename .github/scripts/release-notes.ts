import { writeFileSync } from 'node:fs';
import { required, setOutputs, step } from './actions.ts';
import { commitsSince, git, groupedCommits, type Commit } from './commits.ts';
import { releaseTagOf } from './release-tag.ts';

interface Notes {
  /** Newest first. */
  commits: readonly Commit[];
  /** The image by its content: `registry/name@sha256:…`. */
  image: string;
  commit: string;
  /** Tag of the release before; `null` for the first. */
  previous: string | null;
}

/** Writes the notes of a release in Markdown: its commits by type, and the exact image. */
export const releaseNotes = ({ commits, image, commit, previous }: Notes): string =>
  [
    previous === null ? 'The first release.' : `Since ${previous}:`,
    '',
    ...groupedCommits(commits),
    '',
    `Image: \`${image}\``,
    `Commit: ${commit}`,
    '',
    'Tested, built and pushed. To put it into production, edit this pre-release and publish it as a release.',
    '',
  ].join('\n');

/** Returns the newest release tag among the ancestors of a commit, itself excluded. */
function previousTag(commit: string): string | null {
  const tags = git('tag', '--list', 'build-*', '--merged', commit, '--sort=-creatordate').split('\n');
  return tags.find((tag) => tag !== '' && tag !== releaseTagOf(commit)) ?? null;
}

if (import.meta.main) {
  await step(() => {
    const commit = required('GITHUB_SHA');
    const previous = previousTag(commit);
    const commits = commitsSince(previous, commit);
    const image = `${required('IMAGE')}@${required('DIGEST')}`;
    writeFileSync(required('NOTES_FILE'), releaseNotes({ commits, image, commit, previous }));
    setOutputs({ tag: releaseTagOf(commit) });
  });
}
