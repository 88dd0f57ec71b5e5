import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { listBenches } from '../bench/usage.ts';

// Checks the commands that the documents tell a person to type.

const ROOT = join(import.meta.dirname, '../..');
const scripts = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))).scripts;
const pages = globSync(['*.md', 'docs/*.md'], { cwd: ROOT })
  // CHANGELOG.md repeats commit subjects, whose commands may be gone since.
  .filter((name) => name !== 'CHANGELOG.md')
  .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }));

/** Returns the commands of a page that start with one of ours. */
const commandsIn = (text: string): string[] =>
  Array.from(
    text.matchAll(
      /(?:^ {4}|`|&& |^)((?:npm (?:run|test|start|ci)|node (?:app|client|test|stacks)\/)[^`#&\n]*)/gm,
    ),
    ([, command = '']) => command.trim(),
  );

describe.each(pages)('$name', ({ name, text }) => {
  it('tells only commands that exist', () => {
    for (const command of commandsIn(text).map((one) => one.replace('npm run -s ', 'npm run '))) {
      const [program, word = '', third = ''] = command.split(/\s+/);
      if (program === 'node') expect(existsSync(join(ROOT, word)), command).toBe(true);
      else if (word === 'run' && third !== '') expect(Object.keys(scripts), command).toContain(third);
      const paths = command.match(/\btest\/[\w./-]+/g) ?? [];
      for (const path of paths) expect(existsSync(join(ROOT, path)), command).toBe(true);
      const bench = /npm run bench -- ([\w-]+)/.exec(command)?.[1];
      if (bench !== undefined && /^[a-z-]+$/.test(bench))
        expect(
          listBenches().map((one) => one.name),
          command,
        ).toContain(bench);
    }
  });

  it('links only to files that exist', () => {
    const links = Array.from(text.matchAll(/\]\((?!https?:|#)([^)#]+)/g), ([, path = '']) => path);
    for (const path of links) expect(existsSync(join(ROOT, dirname(name), path)), path).toBe(true);
  });
});

it('the pages tell commands at all', () => {
  const all = pages.flatMap(({ text }) => commandsIn(text));
  for (const command of ['npm ci', 'npm start', 'npm test', 'npm run dev', 'npm run check', 'npm run fix'])
    expect(
      all.some((one) => one.startsWith(command)),
      command,
    ).toBe(true);
});

it('README says how long it takes from npm ci to the page', () => {
  const readme = pages.find(({ name }) => name === 'README.md')?.text ?? '';
  // fresh-machine.long.test.ts prints its own seconds beside this.
  const [, least, most] = /the page appears after (\d+) to (\d+) seconds/.exec(readme) ?? [];
  expect(Number(least)).toBeGreaterThan(0);
  expect(Number(most)).toBeGreaterThan(Number(least));
});

it('npm run bench says what it can measure', () => {
  const bench = (...args: string[]) =>
    spawnSync(process.execPath, ['test/bench/run.ts', ...args], { cwd: ROOT, encoding: 'utf8' });
  const lists = [bench(), bench('--help')].map(({ status, stdout }) => ({ status, printed: stdout }));
  const unknown = bench('serch');
  expect(unknown.stderr).toMatch(/^There is no bench "serch"/);
  for (const { status, printed } of [...lists, { status: 0, printed: unknown.stderr }]) {
    expect(status).toBe(0);
    for (const name of ['search', 'ocr', 'media', 'migrations', 'start', 'backlog', 'dev', 'shares'])
      expect(printed).toMatch(new RegExp(`^npm run bench -- ${name}\\b.*: `, 'm'));
    expect(printed).not.toMatch(/vocabulary|bundle /);
  }
  expect(unknown.status).toBe(1);
  for (const { name } of listBenches()) {
    const { status, stdout } = bench(name, '--help');
    expect([name, status]).toEqual([name, 0]);
    expect(stdout).toMatch(new RegExp(`^npm run bench -- ${name}\\b[^\\n]*\\n$`));
  }
});
