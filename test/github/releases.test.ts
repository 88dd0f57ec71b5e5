import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lastRelease, withRelease } from '../../.github/scripts/changelog.ts';
import { groupedCommits, parseLog } from '../../.github/scripts/commits.ts';
import { putFile } from '../../.github/scripts/github.ts';
import { releaseNotes } from '../../.github/scripts/release-notes.ts';

// Tests what a release says: its notes, and its section in CHANGELOG.md.

const commit = (digit: string) => digit.repeat(40);
const commits = (subjects: readonly string[]) => subjects.map((subject) => ({ id: commit('c'), subject }));

describe('the commits of a release', () => {
  it('are grouped by their type, features first', () => {
    const lines = groupedCommits(
      commits([
        'docs: name the limits',
        'fix(upload): refuse an empty file',
        'feat(search): find words by their prefix',
        'perf(ocr): read one page once',
        'fix: close the file',
        'Find any meme',
      ]),
    );
    expect(lines).toEqual([
      '### Features',
      '',
      '- search: find words by their prefix (cccccccc)',
      '',
      '### Fixes',
      '',
      '- upload: refuse an empty file (cccccccc)',
      '- close the file (cccccccc)',
      '',
      '### Performance',
      '',
      '- ocr: read one page once (cccccccc)',
      '',
      '### Other changes',
      '',
      '- docs: name the limits (cccccccc)',
      '- Find any meme (cccccccc)',
    ]);
  });

  it('show a breaking change, whatever its type', () => {
    expect(groupedCommits(commits(['feat(api)!: drop v1', 'refactor!: drop v0']))).toEqual([
      '### Features',
      '',
      '- **Breaking:** api: drop v1 (cccccccc)',
      '',
      '### Other changes',
      '',
      '- **Breaking:** refactor!: drop v0 (cccccccc)',
    ]);
  });

  it('mention nobody, and neither link nor format', () => {
    const lines = groupedCommits(commits(['fix(a*b): ping @all [x](http://evil) `code` <img src=x> #1']));
    expect(lines.at(-1)).toContain('a\\*b: ping \\@all \\[x\\](http://evil) \\`code\\` \\<img src=x\\> \\#1');
  });

  it('are at most a hundred, and the features are among them', () => {
    const many = [...Array.from({ length: 129 }, () => 'chore: x'), 'feat: the oldest'];
    const lines = groupedCommits(commits(many));
    expect(lines).toContain('- the oldest (cccccccc)');
    expect(lines.filter((line) => line.startsWith('- chore: x'))).toHaveLength(99);
    expect(lines.at(-1)).toBe('- and 30 more');
  });

  it('leave out those of the changelog itself', () => {
    expect(groupedCommits(commits(['docs(changelog): add the release of cccccccc']))).toEqual([
      '- nothing but the build',
    ]);
  });

  it('are parsed from the log of git, whatever a subject contains', () => {
    expect(parseLog(`${commit('a')}\tone\ttwo\n${commit('b')}\tthree\n`)).toEqual([
      { id: commit('a'), subject: 'one\ttwo' },
      { id: commit('b'), subject: 'three' },
    ]);
    expect(parseLog('')).toEqual([]);
  });
});

describe('release notes', () => {
  const notes = (subjects: string[], previous: string | null = 'build-1') =>
    releaseNotes({
      commits: commits(subjects),
      image: `meemikansio@sha256:${'d'.repeat(64)}`,
      commit: commit('c'),
      previous,
    });

  it('list the commits since the release before, and name the image by its content', () => {
    const text = notes(['feat: find any meme']);
    expect(text).toMatch(/^Since build-1:\n\n### Features\n\n- find any meme \(cccccccc\)\n/);
    expect(text).toContain(`Image: \`meemikansio@sha256:${'d'.repeat(64)}\``);
    expect(text).toContain(`Commit: ${commit('c')}`);
  });

  it('say that nothing came before the first', () => {
    expect(notes(['feat: x'], null)).toMatch(/^The first release\./);
    expect(notes([])).toContain('- nothing but the build');
  });
});

describe('CHANGELOG.md', () => {
  const release = (digit: string, date: string) => ({
    tag: `build-${commit(digit)}`,
    date,
    commits: commits([`feat: ${digit}`]),
  });
  const first = withRelease('# Changelog\n\nWords.\n', release('1', '2027-01-01'));

  it('gets a section for each release, newest first, below its introduction', () => {
    const text = withRelease(first, release('2', '2027-02-02'));
    expect(text).toBe(
      [
        '# Changelog\n\nWords.\n',
        `## build-${commit('2')} (2027-02-02)\n\n### Features\n\n- 2 (cccccccc)\n`,
        `## build-${commit('1')} (2027-01-01)\n\n### Features\n\n- 1 (cccccccc)\n`,
      ].join('\n'),
    );
  });

  it('stays as it is when a release is recorded again, also an older one', () => {
    const text = withRelease(first, release('2', '2027-02-02'));
    expect(withRelease(text, release('2', '2027-03-03'))).toBe(text);
    expect(withRelease(text, release('1', '2027-03-03'))).toBe(text);
  });

  it('tells the release before, whose commits are not listed again', () => {
    expect(lastRelease('# Changelog\n')).toBeNull();
    expect(lastRelease(withRelease(first, release('2', '2027-02-02')))).toBe(`build-${commit('2')}`);
  });
});

describe('a new version of a file', () => {
  /** Answers as GitHub does, and keeps what it was told. */
  async function github(status: number, answer: object) {
    const told: { method?: string; url?: string; token?: string; body: unknown }[] = [];
    const server = createServer();
    server.on('request', async (request, response) => {
      const { method, url, headers } = request;
      told.push({ method, url, token: headers.authorization, body: JSON.parse(await readText(request)) });
      response.writeHead(status).end(JSON.stringify(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const put = () =>
      putFile({
        api: `http://127.0.0.1:${port}`,
        repository: 'o/r',
        token: 'token',
        path: 'CHANGELOG.md',
        branch: 'main',
        replaces: commit('b'),
        text: 'ä\n',
        message: 'docs(changelog): add the release of cccccccc',
      });
    return { told, put, [Symbol.dispose]: () => void server.close() };
  }

  it('replaces the version that was read', async () => {
    using api = await github(200, {});
    expect(await api.put()).toBeNull();
    expect(api.told).toEqual([
      {
        method: 'PUT',
        url: '/repos/o/r/contents/CHANGELOG.md',
        token: 'Bearer token',
        body: {
          message: 'docs(changelog): add the release of cccccccc',
          branch: 'main',
          sha: commit('b'),
          content: Buffer.from('ä\n').toString('base64'),
        },
      },
    ]);
  });

  it.each([403, 409, 422])('is no error when the branch refuses it with %i', async (status) => {
    using api = await github(status, { message: 'Changes must be made through a pull request.' });
    expect(await api.put()).toContain('Changes must be made through a pull request.');
  });

  it.each([401, 404, 500])('fails when GitHub answers %i', async (status) => {
    using api = await github(status, {});
    await expect(api.put()).rejects.toThrow(`GitHub answered ${status}`);
  });
});

describe('the step of the changelog', () => {
  const SCRIPT = join(import.meta.dirname, '../../.github/scripts/changelog.ts');

  /** Publishes two releases in a repository without tags, and runs the step after each. */
  async function publishTwice(status: number) {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'changelog-'));
    const cwd = folder.path;
    const git = async (...args: string[]) => {
      const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
      return (await promisify(execFile)('git', [...identity, ...args], { cwd })).stdout.trim();
    };
    let put = '';
    const server = createServer();
    server.on('request', async (request, response) => {
      const { content } = z.object({ content: z.string() }).parse(JSON.parse(await readText(request)));
      put = Buffer.from(content, 'base64').toString();
      response.writeHead(status).end('{"message":"Protected\\nbranch"}');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const run = async (released: string) => {
      const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT], {
        cwd,
        env: {
          ...process.env,
          GITHUB_API_URL: `http://127.0.0.1:${port}`,
          GITHUB_REPOSITORY: 'o/r',
          GITHUB_TOKEN: 'token',
          GITHUB_STEP_SUMMARY: join(cwd, '.git/summary'),
          BRANCH: 'main',
          RELEASE_TAG: `build-${released}`,
          PUBLISHED_AT: '2027-01-02T03:04:05Z',
        },
      });
      return stdout;
    };
    try {
      await git('init', '--quiet', '--initial-branch=main');
      await writeFile(join(cwd, 'CHANGELOG.md'), '# Changelog\n');
      await git('add', '.');
      await git('commit', '--quiet', '--message=feat: first');
      const first = await git('rev-parse', 'HEAD');
      const output = [await run(first)];
      await writeFile(join(cwd, 'CHANGELOG.md'), put);
      await git('commit', '--quiet', '--all', '--message=docs(changelog): add the release of 1');
      await git('commit', '--quiet', '--allow-empty', '--message=fix(upload): second');
      const second = await git('rev-parse', 'HEAD');
      output.push(await run(second));
      return { first, second, put, output };
    } finally {
      server.close();
    }
  }

  it('commits the section of each release, with the commits since the one before', async () => {
    const { first, second, put, output } = await publishTwice(200);
    expect(output).toEqual(['', '']);
    expect(put).toBe(
      [
        '# Changelog\n',
        `## build-${second} (2027-01-02)\n\n### Fixes\n\n- upload: second (${second.slice(0, 8)})\n`,
        `## build-${first} (2027-01-02)\n\n### Features\n\n- first (${first.slice(0, 8)})\n`,
      ].join('\n'),
    );
  });

  it('warns and succeeds when a protected branch refuses the commit', async () => {
    const { first, output } = await publishTwice(409);
    expect(output[0]).toMatch(
      new RegExp(`^::warning::CHANGELOG\\.md has no section for build-${first}, .*409 .*Protected`),
    );
  });
});
