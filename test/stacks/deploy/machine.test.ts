import { spawnSync } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtempDisposable, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setupCodeOf as codeOfApp } from '../../../app/auth/setup-code.ts';
import { createAnswers } from '../../../stacks/deploy/answers.ts';
import { readArguments } from '../../../stacks/deploy/arguments.ts';
import { createFacts } from '../../../stacks/deploy/facts.ts';
import { reachable } from '../../../stacks/deploy/internet.ts';
import { bootstrapParts, filesIn } from '../../../stacks/deploy/machine.ts';
import { createRedaction } from '../../../stacks/deploy/redaction.ts';
import { commandsOf } from '../../../stacks/deploy/run.ts';
import { setupCodeOf } from '../../../stacks/deploy/setup-code.ts';
import { bootstrap } from '../../../stacks/deploy/steps/bootstrap.ts';
import { findTerraform, NO_TERRAFORM } from '../../support/terraform.ts';
import { initStack } from '../support/applied.ts';
import { bootstrapJson } from '../support/stack-json.ts';
import { createWorld } from '../support/stand-in-world.ts';

// The parts of `npm run deploy` that touch a machine. Real: processes, files, the terraform or tofu
// binary, the entry of the command.

const ROOT = join(import.meta.dirname, '../../..');
const folder = () => mkdtempDisposable(join(tmpdir(), 'deploy-'));

async function runner() {
  const home = await folder();
  const redaction = createRedaction();
  const shown: string[] = [];
  await writeFile(join(home.path, 'tool'), '#!/bin/sh\ncat\nprintf hun\nprintf "ter2two\\n"\nexit 3\n');
  await chmod(join(home.path, 'tool'), 0o755);
  const run = commandsOf({
    cwd: home.path,
    env: { PATH: `${home.path}:${process.env['PATH']}` },
    redaction,
    show: (line) => shown.push(redaction.clean(line)),
  });
  return { run, redaction, shown, [Symbol.asyncDispose]: () => home[Symbol.asyncDispose]() };
}

describe('a command', () => {
  it('gets a secret by its input, and is shown without it even in two parts', async () => {
    await using world = await runner();
    world.redaction.hide('hunter2two');
    const { code, stdout } = await world.run('tool', ['a'], { input: 'hunter2two\n', show: true });
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'hunter2two\nhunter2two\n' });
    expect(world.shown).toEqual(['•••', '•••']);
  });

  it('is refused with a secret among its arguments', async () => {
    await using world = await runner();
    world.redaction.hide('hunter2two');
    expect(() => world.run('tool', ['--body=hunter2two'])).toThrow(
      'A secret would be on the command line of tool.',
    );
  });

  it('that does not exist has its own code', async () => {
    await using world = await runner();
    expect(await world.run('no-such-tool', [])).toMatchObject({ code: 127 });
  });
});

describe('redaction', () => {
  it('hides the password of a connection string by itself, encoded or not', () => {
    const redaction = createRedaction();
    redaction.hide('postgresql://meemi:p%40ssword@db.example/postgres');
    expect(redaction.clean('p%40ssword, p@ssword')).toBe('•••, •••');
  });
});

describe('an address that does not answer', () => {
  it('is named in a sentence that says what to do', async () => {
    const server = createServer();
    const port = await new Promise<number>((done) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        done(typeof address === 'object' && address ? address.port : 0);
      });
    });
    await new Promise((done) => void server.close(done));
    await expect(reachable(`http://127.0.0.1:${port}/x`)).rejects.toThrow(
      `127.0.0.1:${port} does not answer: look at the connection of this machine, and run this again.`,
    );
  });
});

describe('files', () => {
  it('are readable by their owner alone, and absent ones are null', async () => {
    await using home = await folder();
    const files = filesIn(home.path);
    expect(files.read('code.txt')).toBeNull();
    files.write('code.txt', 'code');
    expect(files.read('code.txt')).toBe('code');
    expect((await stat(join(home.path, 'code.txt'))).mode & 0o777).toBe(0o600);
    files.remove('code.txt');
    files.remove('code.txt');
    expect(files.read('code.txt')).toBeNull();
  });

  it('of answers are refused when others can read them', async () => {
    await using home = await folder();
    const file = join(home.path, 'answers');
    await writeFile(file, 'ADMIN_NAME=Aino\nADMIN_PASSWORD="a b"\n', { mode: 0o644 });
    expect(() => readArguments(['--answers', file], {})).toThrow(`run "chmod 600 ${file}".`);
    await chmod(file, 0o600);
    const { given } = readArguments(['--yes', '--answers', file], { ADMIN_NAME: 'Eino' });
    expect(given).toMatchObject({ ADMIN_NAME: 'Eino', ADMIN_PASSWORD: 'a b' });
    expect(() => readArguments(['--force'], {})).toThrow(/--force[\s\S]*Usage: npm run deploy/);
  });
});

describe('answers', () => {
  it('are asked once, and only where nothing is given', async () => {
    const asked: string[] = [];
    const hidden: string[] = [];
    const ask = async (name: string): Promise<string> => {
      asked.push(name);
      return ` typed ${name}\n`;
    };
    const answers = createAnswers({ ADMIN_NAME: 'Aino' }, ask, (secret) => hidden.push(secret));
    for (let time = 0; time < 2; time++) {
      expect(await answers.get('ADMIN_NAME')).toBe('Aino');
      expect(await answers.get('ADMIN_PASSWORD')).toBe('typed ADMIN_PASSWORD');
    }
    expect(asked).toEqual(['ADMIN_PASSWORD']);
    expect(hidden).toEqual(['typed ADMIN_PASSWORD']);
  });
});

describe('the setup code', () => {
  it('is that of the app', () => {
    const jwtSecret = 'j'.repeat(64);
    const config = { production: true, auth: { jwtSecret, setupCode: undefined } };
    expect(codeOfApp(config)?.printed).toBe(setupCodeOf(jwtSecret));
  });
});

describe('a real state of the bootstrap', () => {
  it('is read as complete, and shows what is missing before that', async (context) => {
    const binary = findTerraform();
    context.skip(!binary, NO_TERRAFORM);
    await using home = await folder();
    const stack = await initStack(binary ?? '', home.path, bootstrapJson());
    const world = createWorld();
    const on = { ...world.on(), files: filesIn(home.path), bootstrapParts };
    const plan = () => bootstrap.plan({ ...on, facts: createFacts(on) });
    expect(await plan()).toHaveLength(2);
    expect(await stack.run(['apply', '-auto-approve'])).toMatchObject({ code: 0 });
    await copyFile(join(stack.home, 'terraform.tfstate'), join(home.path, 'bootstrap.tfstate'));
    expect(await plan()).toEqual([]);
  });
});

describe('the entry', () => {
  const entry = (args: readonly string[], path: string) =>
    spawnSync(process.execPath, ['--import', 'tsx', 'stacks/deploy/main.ts', ...args], {
      cwd: ROOT,
      env: { PATH: path },
      encoding: 'utf8',
    });

  it('tells in one sentence what is missing on this machine', async () => {
    await using home = await folder();
    await mkdir(join(home.path, 'empty'));
    const { status, stderr, stdout } = entry(['--dry-run'], join(home.path, 'empty'));
    expect(stderr).toMatch(/^Install what is missing: git \(.*\), gh \(.*\), tofu \(.*\), aws \(.*\)\.\n$/);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });

  it('refuses to wait for a person who is not there', () => {
    const { status, stderr } = entry([], '');
    expect(stderr).toMatch(/^Nobody is there to answer: give --yes/);
    expect(status).toBe(1);
  });
});
