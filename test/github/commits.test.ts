import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkedSince } from '../../.github/scripts/commit-range.ts';

// Tests the check of commit subjects: the rules in package.json, and which commits it reads.

const ROOT = join(import.meta.dirname, '../..');

function check(message: string) {
  const commitlint = join(ROOT, 'node_modules/.bin/commitlint');
  // In CI, commitlint colours its output even into a pipe.
  const { status, stdout } = spawnSync(commitlint, ['--color=false'], {
    cwd: ROOT,
    input: message,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  return {
    accepted: status === 0,
    rules: Array.from(stdout.matchAll(/\[([\w-]+)\]$/gm), ([, rule]) => rule),
  };
}

describe('a commit message', () => {
  it.each([
    'fix(upload): refuse an empty file',
    'feat(search)!: find words by their prefix',
    'perf: read each page once\n\nTwo reads cost 40 ms a page.',
    `docs: ${'x'.repeat(66)}`,
    `test: quote an address in the body\n\nhttps://example.org/${'x'.repeat(100)}`,
    ...['refactor', 'test', 'build', 'ci', 'chore', 'style', 'revert'].map((type) => `${type}: say it`),
  ])('is accepted: %j', (message) => {
    expect(check(message)).toEqual({ accepted: true, rules: [] });
  });

  it.each([
    ['Refuse an empty file', ['subject-empty', 'type-empty']],
    ['fixes: refuse an empty file', ['type-enum']],
    ['fix(upload) refuse an empty file', ['subject-empty', 'type-empty']],
    ['fix(upload): ', ['header-trim', 'subject-empty']],
    ['Fix: refuse an empty file', ['type-case', 'type-enum']],
    ['fix: Refuse an empty file', ['subject-case']],
    ['fix: refuse an empty file.', ['subject-full-stop']],
    [`docs: ${'x'.repeat(67)}`, ['header-max-length']],
  ])('is refused: %j', (message, rules) => {
    const { accepted, rules: broken } = check(message);
    expect(accepted).toBe(false);
    expect(broken.toSorted()).toEqual(rules);
  });
});

describe('the checked commits', () => {
  const range = { base: 'b'.repeat(40), head: 'a'.repeat(40) };

  it('are those after the base', () => {
    expect(checkedSince({ ...range, exists: () => true })).toBe(range.base);
  });

  it('are only the last one when the base is not in the clone', () => {
    expect(checkedSince({ ...range, exists: () => false })).toBe(`${range.head}~1`);
  });
});
