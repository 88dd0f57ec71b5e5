import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { required, setOutputs, step } from './actions.ts';
import { releaseTagOf } from './release-tag.ts';

export interface Commit {
  id: string;
  subject: string;
}

interface Notes {
  /** Newest first. */
  commits: readonly Commit[];
  /** The image by its content: `registry/name@sha256:…`. */
  image: string;
  commit: string;
  /** Tag of the release before; `null` for the first. */
  previous: string | null;
}

/** More commits would bury the important ones, and the text of a release has a limit. */
const MAX_COMMITS = 100;

/** Writes the notes of a release in Markdown: its commits and the exact image. */
export function releaseNotes({ commits, image, commit, previous }: Notes): string {
  const shown = commits
    .slice(0, MAX_COMMITS)
    .map(({ id, subject }) => `- ${escaped(subject)} (${id.slice(0, 8)})`);
  const more = commits.length - shown.length;
  return [
    previous === null ? 'The first release.' : `Since ${previous}:`,
    '',
    ...(shown.length > 0 ? shown : ['- nothing but the build']),
    ...(more > 0 ? [`- and ${more} more`] : []),
    '',
    `Image: \`${image}\``,
    `Commit: ${commit}`,
    '',
    'Tested, built and pushed. To put it into production, edit this pre-release and publish it as a release.',
    '',
  ].join('\n');
}

/**
 * Escapes commit subjects, which anybody can write: their mentions, links, tags and formatting have
 * no effect.
 */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>#|~@]/g, '\\$&');

/** Parses the lines of `git log --format=%H%x09%s`. */
export const parseLog = (log: string): Commit[] =>
  log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      return { id: line.slice(0, tab), subject: line.slice(tab + 1) };
    });

const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

/** Returns the newest release tag among the ancestors of a commit, itself excluded. */
function previousTag(commit: string): string | null {
  const tags = git('tag', '--list', 'build-*', '--merged', commit, '--sort=-creatordate').split('\n');
  return tags.find((tag) => tag !== '' && tag !== releaseTagOf(commit)) ?? null;
}

if (import.meta.main) {
  await step(() => {
    const commit = required('GITHUB_SHA');
    const previous = previousTag(commit);
    const range = previous === null ? commit : `${previous}..${commit}`;
    const commits = parseLog(git('log', `--max-count=${MAX_COMMITS * 5}`, '--format=%H%x09%s', range));
    const image = `${required('IMAGE')}@${required('DIGEST')}`;
    writeFileSync(required('NOTES_FILE'), releaseNotes({ commits, image, commit, previous }));
    setOutputs({ tag: releaseTagOf(commit) });
  });
}
