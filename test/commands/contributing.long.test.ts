import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { copyProject, type ProjectCopy } from '../support/project-copy.ts';

// Runs every command of CONTRIBUTING.md, as a newcomer would, in a copy of the project. Only the
// steps of whole test runs are listed instead, because this test is part of them.

const PAGE = readFileSync(join(import.meta.dirname, '../../CONTRIBUTING.md'), 'utf8');
/** A small package that the project does not use. */
const PACKAGE = 'is-odd';

/** Returns each command of the page once, without its comment. */
const commandsOfPage = (): Set<string> => {
  const blocks = Array.from(PAGE.matchAll(/^ {4}((?:npm|node|git|export) .*)$/gm), ([, line = '']) => line);
  const inline = Array.from(PAGE.matchAll(/`((?:npm|node|git|export) [^`]*)`/g), ([, code = '']) => code);
  return new Set([...blocks, ...inline].map((command) => command.replace(/ +# .*$/, '').trim()));
};

const packageSchema = z.object({
  dependencies: z.record(z.string(), z.string()),
  peerDependencies: z.record(z.string(), z.string()),
});

describe('a newcomer who types the commands of CONTRIBUTING.md', () => {
  let project: ProjectCopy;
  let dataDir: string;
  beforeAll(async () => {
    project = await copyProject();
    dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-data-'));
  });
  afterAll(async () => {
    await project?.[Symbol.asyncDispose]();
    await rm(dataDir, { recursive: true, force: true });
  });

  const succeeds = async (command: string, env?: Record<string, string>): Promise<string> => {
    const { code, output } = await project.run(command, env);
    expect(code, `${command}\n${output.slice(-4000)}`).toBe(0);
    return output;
  };
  const works = async (command: string) => void (await succeeds(command));
  const unchanged = async () => expect(await succeeds('git status --porcelain')).toBe('');
  const serves = async (command: string) => {
    const ready = /meemikansio is at http:\/\/localhost:\d+/;
    const { output } = await project.runUntil(command, ready, { PORT: '0', DATA_DIR: dataDir });
    expect(output).toMatch(ready);
  };
  const plans = async (command: string, ...steps: string[]) => {
    const given = command.replace(/ --plan$/, '').replace(/ --$/, '');
    const output = await succeeds(`${given} ${given.includes(' -- ') ? '' : '-- '}--plan`);
    const planned = Array.from(output.matchAll(/^([\w-]+): /gm), ([, name]) => name);
    expect(planned).toEqual(['provision', ...steps]);
  };
  const installs = async (command: string, section: 'dependencies' | 'peerDependencies') => {
    await succeeds(command.replace('PACKAGE', PACKAGE));
    const file = packageSchema.parse(JSON.parse(readFileSync(join(project.root, 'package.json'), 'utf8')));
    expect(file[section]).toHaveProperty([PACKAGE]);
    await succeeds('git checkout -q .');
  };

  const quick = ['check', 'unit', 'e2e-smoke'];
  /** In the order of a first day: the packages come first, and leave last. */
  const commands: Record<string, (command: string) => Promise<void>> = {
    'npm ci': works,
    'npm run bench': async (command) => {
      expect(await succeeds(command)).toMatch(/^npm run bench -- search/m);
    },
    'npm start': serves,
    'npm run tools': works,
    'export PATH="$PWD/node_modules/.bin:$PATH"': async (command) => {
      expect(await succeeds(`${command} && node --version`)).toMatch(/^v24\./);
    },
    'npm run dev': serves,
    'npm test -- --plan': (command) => plans(command, ...quick),
    'npm test': (command) => plans(command, ...quick),
    'npm test -- test/app/media test/e2e/story.spec.ts': (command) => plans(command, 'unit', 'e2e'),
    'npm run test:all': (command) => plans(command, ...quick, 'long', 'e2e', 'speed', 'image'),
    'npm run test:speed': async (command) => {
      expect(await succeeds(`${command} -- --list`)).toMatch(/Total: \d+ tests/);
    },
    'npm run check': works,
    'npm run fix': async (command) => {
      await succeeds(command);
      await unchanged();
    },
    'node app/db/generate.ts': async (command) => {
      await succeeds(`PATH="$PWD/node_modules/.bin:$PATH" ${command}`);
      await unchanged();
    },
    'npm run test:coverage -- --project client': async (command) => {
      expect(await succeeds(command)).toMatch(/Lines +: \d/);
      await unchanged();
    },
    'npm run check:commits -- --from origin/main': async (command) => {
      const commit = 'git -c user.name=Test -c user.email=test@example.org commit -q --allow-empty -m';
      await succeeds(`${commit} 'docs: try the check'`);
      await succeeds(command);
      await succeeds(`${commit} 'Tried the check.'`);
      expect((await project.run(command)).code).not.toBe(0);
    },
    'npm install PACKAGE': (command) => installs(command, 'dependencies'),
    'npm install --save-peer PACKAGE': (command) => installs(command, 'peerDependencies'),
  };

  it('finds each of them in this test', () => {
    expect([...commandsOfPage()].sort()).toEqual(Object.keys(commands).sort());
  });

  // Each needs what the ones before it have installed.
  it.each(Object.entries(commands))('%s', async (command, run) => {
    await expect(run(command)).resolves.toBeUndefined();
  });
});
