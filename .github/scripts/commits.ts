import { execFileSync } from 'node:child_process';

export interface Commit {
  id: string;
  subject: string;
}

/** More commits would bury the important ones, and the text of a release has a limit. */
export const MAX_COMMITS = 100;

/** Groups of a release's text, in their order. A commit of any other type is in the last group. */
const GROUPS: readonly { title: string; type?: string }[] = [
  { title: 'Features', type: 'feat' },
  { title: 'Fixes', type: 'fix' },
  { title: 'Performance', type: 'perf' },
  { title: 'Other changes' },
];

/** `type(scope)!: description`, as https://www.conventionalcommits.org/en/v1.0.0/ has it. */
const CONVENTIONAL = /^(?<type>[a-z]+)(?:\((?<scope>[^()]+)\))?(?<breaking>!?): (?<description>.+)$/;

/** Start of the subjects that changelog.ts commits. The text of a release leaves them out. */
export const CHANGELOG_SUBJECT = 'docs(changelog): ';

/**
 * Lists commits in Markdown, grouped by their conventional type, newest first in each group. An
 * empty group is absent.
 *
 * @param commits newest first
 * @returns lines. When there are more than {@link MAX_COMMITS}, the last groups lose commits.
 */
export function groupedCommits(commits: readonly Commit[]): string[] {
  const listed = commits.filter(({ subject }) => !subject.startsWith(CHANGELOG_SUBJECT));
  if (listed.length === 0) return ['- nothing but the build'];
  const entries = listed.map(entryOf);
  const lines: string[] = [];
  let room = MAX_COMMITS;
  for (const group of GROUPS) {
    const shown = entries.filter((entry) => entry.group === group).slice(0, room);
    room -= shown.length;
    if (shown.length > 0) {
      lines.push(...(lines.length > 0 ? [''] : []), `### ${group.title}`, '');
      lines.push(...shown.map(({ text }) => text));
    }
  }
  const more = listed.length - MAX_COMMITS;
  return more > 0 ? [...lines, `- and ${more} more`] : lines;
}

/** Returns a commit's group and line. Only a named group drops the type, which its title tells. */
function entryOf({ id, subject }: Commit) {
  const { type, scope, breaking, description } = CONVENTIONAL.exec(subject)?.groups ?? {};
  const named = GROUPS.find((group) => group.type !== undefined && group.type === type);
  const short = `${scope === undefined ? '' : `${scope}: `}${description ?? ''}`;
  const text = `${breaking === '!' ? '**Breaking:** ' : ''}${escaped(named ? short : subject)}`;
  return { group: named ?? GROUPS.at(-1), text: `- ${text} (${id.slice(0, 8)})` };
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

/**
 * Runs git in the current directory and returns its output, trimmed.
 *
 * @throws if git fails
 */
export const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();

/**
 * Returns the commits after `previous` up to `commit`, newest first. `null` starts at the first.
 */
export const commitsSince = (previous: string | null, commit: string): Commit[] =>
  parseLog(
    git(
      'log',
      `--max-count=${MAX_COMMITS * 5}`,
      '--format=%H%x09%s',
      previous === null ? commit : `${previous}..${commit}`,
    ),
  );
