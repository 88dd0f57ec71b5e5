import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** One import each that a direction forbids: file, import, and the message of the rule. */
const FORBIDDEN = [
  ['app/auth/x.service.ts', '../../client/x.ts', 'neither client, stacks nor tests'],
  ['app/auth/x.repository.ts', './x.service.ts', 'routes → service → repository'],
  ['app/auth/x.service.ts', './x.routes.ts', 'routes → service → repository'],
  ['app/util/x.ts', '../db/client.ts', 'app/util imports no other part'],
  ['app/db/x.ts', '../http/errors.ts', 'app/db stands below'],
  ['app/storage/x.ts', '../media/media.schema.ts', 'app/storage stands below'],
  ['app/http/x.ts', '../media/media.schema.ts', 'app/http stands below'],
  ['app/http/x.repository.ts', './x.service.ts', 'routes → service → repository'],
  ['client/grid/x.tsx', '../../app/media/media.service.ts', 'only wire schemas'],
  ['app/media/x.limits.ts', './media.schema.ts', 'Limits import nothing'],
  ['app/media/x.limits.ts', 'zod', 'Limits import nothing'],
  ['app/util/x.shared.ts', './bounded-map.ts', 'import only their like'],
  ['app/util/x.shared.ts', 'node:buffer', 'import only their like'],
  ['client/grid/x.tsx', '../../app/util/bounded-map.ts', 'only wire schemas'],
  ['client/grid/x.tsx', 'node:fs', 'runs in a browser'],
  ['client/ui/x.tsx', '../library/list.ts', 'below the features'],
  ['client/lib/x.ts', '../ui/icon.tsx', 'below every other part'],
  ['client/library/x.tsx', '../viewer/viewer.tsx', 'below the grid'],
  ['client/library/x.tsx', '../grid/grid.tsx', 'below the grid'],
  ['migrations/x.ts', '../app/db/client.ts', 'A migration is frozen'],
  ['stacks/x.ts', '../app/config.ts', 'Stacks share only'],
] as const;

/** The same places with an allowed import. */
const ALLOWED = [
  ['app/auth/x.routes.ts', './x.service.ts'],
  ['app/http/x.ts', '../db/client.ts'],
  ['app/storage/x.ts', '../config.ts'],
  ['app/storage/x.ts', '../media/formats/formats.limits.ts'],
  ['client/grid/x.tsx', '../library/list.ts'],
  ['client/grid/x.tsx', '../../app/media/media.schema.ts'],
  ['client/grid/x.tsx', '../../app/util/file-name.shared.ts'],
  ['app/util/x.shared.ts', './emoji.shared.ts'],
  ['client/ui/x.tsx', '../lib/local-storage.ts'],
  ['client/ui/x.tsx', '../../app/media/media.limits.ts'],
  ['stacks/x.ts', '../app/config.schema.ts'],
] as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lint-rules-'));
  cpSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lint(file: string, source: string): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, source);
  const { stdout, stderr } = spawnSync(join(ROOT, 'node_modules/.bin/oxlint'), [file], {
    cwd: folder,
    encoding: 'utf8',
  });
  rmSync(path);
  return stdout + stderr;
}

const imports = (path: string) => `import { x } from '${path}';\n\nexport const y: unknown = x;\n`;

describe('the directions of imports', () => {
  it.each(FORBIDDEN)('%s may not import %s', (file, path, rule) => {
    const output = lint(file, imports(path));
    expect(output).toContain('no-restricted-imports');
    expect(output).toContain(rule);
  });

  it.each(ALLOWED)('%s may import %s', (file, path) => {
    expect(lint(file, imports(path))).not.toContain('no-restricted-imports');
  });

  it('keep the names of Node out of the client', () => {
    expect(lint('client/grid/x.ts', 'export const x = process.env;\n')).toContain('no-restricted-globals');
  });
});

/** Type-checks one file as a part of the server or client, and returns what the compiler says. */
function typeCheck(part: 'app' | 'client', source: string): string {
  const project = join(folder, 'tsconfig.json');
  const options: { compilerOptions: object } = JSON.parse(
    readFileSync(join(ROOT, part, 'tsconfig.json'), 'utf8'),
  );
  writeFileSync(
    project,
    JSON.stringify({
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: {
        ...options.compilerOptions,
        typeRoots: [join(ROOT, 'node_modules'), join(ROOT, 'node_modules/@types')],
      },
      files: ['x.ts'],
      include: [],
    }),
  );
  writeFileSync(join(folder, 'x.ts'), source);
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  return spawnSync(tsc, ['--noEmit', '-p', project], { cwd: folder, encoding: 'utf8' }).stdout;
}

/** Imports the entry of a part, and with it the types of all that the part uses. */
const withEntry = (entry: string, source: string) =>
  `import type * as entry from '${join(ROOT, entry)}';\nexport type Entry = typeof entry;\n${source}`;

describe('the parts of the type check', () => {
  it('keep the names of browsers out of the server', () => {
    const use = (name: string) => withEntry('app/app.ts', `export const x = ${name};\n`);
    expect(typeCheck('app', use('window.location'))).toContain("Cannot find name 'window'");
    expect(typeCheck('app', use('process.pid'))).toBe('');
  });

  it('keep the names of Node out of the client', () => {
    spawnSync('npm', ['run', '--silent', 'api-types'], { cwd: ROOT });
    const use = (name: string) => withEntry('client/main.tsx', `export const x = ${name};\n`);
    for (const name of ['process', 'Buffer', '__dirname', 'setImmediate'])
      expect(typeCheck('client', use(name))).toContain(`Cannot find name '${name}'`);
    expect(typeCheck('client', use('window.location'))).toBe('');
  });
});

/**
 * Files that may hold SQL besides `*.repository.ts` and `app/search/sql`. They migrate, or look at
 * the server itself.
 */
const SQL_ELSEWHERE = new Set(['app/db/migrate.ts', 'app/db/migration-lock.ts', 'app/db/snapshot-cache.ts']);

describe('SQL', () => {
  it('stands in repositories', () => {
    const files = readdirSync(join(ROOT, 'app'), { recursive: true, encoding: 'utf8' })
      .map((file) => `app/${file}`)
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.repository.ts'))
      .filter((file) => !file.startsWith('app/search/sql/') && !SQL_ELSEWHERE.has(file));
    const found = files.filter((file) =>
      /\.(selectFrom|insertInto|updateTable|deleteFrom)\(|\bsql(<[^`]*>)?`/.test(
        readFileSync(join(ROOT, file), 'utf8'),
      ),
    );
    expect(found).toEqual([]);
  });
});
