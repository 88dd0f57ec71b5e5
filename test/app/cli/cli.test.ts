import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { run as runCommand } from '../../../app/cli/run.ts';
import { parseConfig } from '../../../app/config.ts';
import { meResponse, user } from '../../../app/auth/auth.schema.ts';
import { createdInvite } from '../../../app/invites/invites.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { userDetails } from '../../../app/users/users.schema.ts';
import { createTestApp, ORIGIN, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { createEmptyDatabase } from '../../support/databases/database.ts';
import { outcome } from '../../support/errors.ts';
import { picture } from '../../support/media/pictures.ts';
import { failReading } from '../../support/stages.ts';
import { startServer } from '../../support/servers/server.ts';

const CLI = join(import.meta.dirname, '../../../app/cli.ts');

interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs a command line in this process. */
async function run(env: Record<string, string>, args: readonly string[], input = ''): Promise<Ended> {
  let [out, err] = ['', ''];
  const code = await runCommand(
    args,
    {
      out: (text) => (out += `${text}\n`),
      err: (text) => (err += `${text}\n`),
      newSecret: async () => input,
      stdin: () => Readable.from([input]),
      stdout: () => new PassThrough(),
    },
    () => parseConfig({ LOG_LEVEL: 'silent', ...env }),
  );
  return { code, out, err };
}

/** Runs the real program until it ends. */
function spawn(env: Record<string, string>, args: readonly string[], input = ''): Promise<Ended> {
  return new Promise((done) => {
    const options = { env: { PATH: process.env['PATH'], LOG_LEVEL: 'silent', ...env } };
    const child = execFile(process.execPath, [CLI, ...args], options, (_error, out, err) =>
      done({ code: child.exitCode ?? -1, out, err }),
    );
    child.stdin?.end(input);
  });
}

describe('the command line', () => {
  const nothing = { DATABASE_URL: 'postgres://127.0.0.1:1/none' };

  it('explains itself and every command, without a database', async () => {
    const { code, out } = await run(nothing, ['--help']);
    expect(code).toBe(0);
    const names = [...out.matchAll(/^ {2}([a-z]+(?: [a-z][a-z-]*)*) /gm)].map(([, name = '']) => name);
    expect(names).toEqual(
      expect.arrayContaining(['user create', 'invite create', 'migrate up', 'reprocess']),
    );
    for (const name of names) {
      const help = await run(nothing, [...name.split(' '), '--help']);
      expect(help).toMatchObject({ code: 0, err: '' });
      expect(help.out.startsWith(name)).toBe(true);
    }
  });

  it.each([
    [[], 2],
    [['dance'], 2],
    [['user'], 2],
    [['user', 'create'], 2],
    [['user', 'create', 'Aino', 'Väinö'], 2],
    [['user', 'create', 'Aino', '--password', PASSWORD], 2],
    [['reprocess'], 2],
    [['reprocess', '--all', '--failed'], 2],
  ] as const)('answers %j with exit code %i', async (args, code) => {
    expect((await run(nothing, args)).code).toBe(code);
  });

  it('says in a sentence, or in JSON, that the database is not there', async () => {
    const { code, err } = await run(nothing, ['user', 'list', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({
      error: { code: expect.any(String), message: expect.any(String) },
    });
  });

  it('names the environment variables that are wrong', async () => {
    const { code, err } = await spawn({ PORT: 'many' }, ['user', 'list']);
    expect(code).toBe(1);
    expect(err).toContain('PORT');
  });
});

describe('migrate', () => {
  it('shows what is to come, applies it, and then has nothing to do; others wait for it', async () => {
    await using database = await createEmptyDatabase();
    const env = { DATABASE_URL: database.url };
    const before = await run(env, ['migrate', 'status', '--json']);
    expect(before.code).toBe(1);
    const list = z.array(z.object({ name: z.string(), appliedAt: z.string().nullable() }));
    expect(list.parse(JSON.parse(before.out)).every(({ appliedAt }) => appliedAt === null)).toBe(true);
    const early = await run(env, ['user', 'list']);
    expect(early).toMatchObject({ code: 1, out: '' });
    expect(early.err).toContain('migrate up');
    expect((await run(env, ['migrate', 'up'])).code).toBe(0);
    const after = await run(env, ['migrate', 'status', '--json']);
    expect(after.code).toBe(0);
    expect(list.parse(JSON.parse(after.out)).every(({ appliedAt }) => appliedAt !== null)).toBe(true);
    expect((await run(env, ['migrate', 'up'])).out).toContain('Nothing to apply');
  });
});

describe('beside a running app', () => {
  let app: TestApp;
  let aino: Visitor;
  let env: Record<string, string>;
  const cli = (...args: string[]) => run(env, args);
  beforeAll(async () => {
    app = await createTestApp();
    env = { DATABASE_URL: app.databaseUrl, DATA_DIR: app.dataDir, PUBLIC_URL: ORIGIN };
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const signIn = async (username: string, password: string) => {
    const visitor = app.visitor();
    return {
      visitor,
      outcome: await outcome(await visitor.send('POST', '/api/auth/login', { username, password })),
    };
  };

  it('user create: the first is an admin, the next are what is asked for; secrets come from a pipe', async () => {
    const made = await spawn(env, ['user', 'create', 'Aino', '--json'], `${PASSWORD}\nrest\n`);
    expect(made).toMatchObject({ code: 0, err: '' });
    expect(user.parse(JSON.parse(made.out))).toMatchObject({ username: 'Aino', role: 'admin' });
    expect((await run(env, ['user', 'create', 'Louhi'], PASSWORD)).out).toContain('member Louhi');
    expect((await run(env, ['user', 'create', 'Ilmari', '--admin'], PASSWORD)).out).toContain('admin Ilmari');
    const signedIn = await signIn('Aino', PASSWORD);
    expect(signedIn.outcome).toBe('200');
    aino = signedIn.visitor;
  });

  it.each([
    ['Tapio', 'short', '10 characters'],
    ['Tapio', 'basketball', 'too common'],
    ['Аino', PASSWORD, 'looks like an existing'],
    ['AINO', PASSWORD, 'taken'],
    ['no blanks', PASSWORD, 'username'],
  ])('user create %s: refused with a sentence', async (name, password, sentence) => {
    const { code, out, err } = await run(env, ['user', 'create', name], password);
    expect(code).toBeGreaterThan(0);
    expect(out).toBe('');
    expect(err).toContain(sentence);
    expect(err).not.toContain(password);
  });

  it('user list', async () => {
    const { out } = await cli('user', 'list', '--json');
    expect(
      z
        .array(userDetails)
        .parse(JSON.parse(out))
        .map((one) => one.username),
    ).toEqual(['Aino', 'Ilmari', 'Louhi']);
    expect((await cli('user', 'list')).out).toMatch(/^NAME +ROLE .*\nAino +admin/);
  });

  it('user disable and enable: the running session is refused at once', async () => {
    const { visitor } = await signIn('Louhi', PASSWORD);
    expect((await cli('user', 'disable', 'louhi')).code).toBe(0);
    expect(await outcome(await visitor.request('/api/media'))).toBe('401 not_signed_in');
    expect((await signIn('Louhi', PASSWORD)).outcome).toBe('401 wrong_credentials');
    expect((await cli('user', 'enable', 'Louhi')).code).toBe(0);
    expect((await signIn('Louhi', PASSWORD)).outcome).toBe('200');
  });

  it('user promote and demote, but never the last admin away', async () => {
    expect((await cli('user', 'promote', 'Louhi')).code).toBe(0);
    for (const name of ['Louhi', 'Ilmari']) expect((await cli('user', 'demote', name)).code).toBe(0);
    for (const verb of ['demote', 'disable']) {
      const refused = await cli('user', verb, 'Aino');
      expect(refused.code).toBe(1);
      expect(refused.err).toContain('last admin');
    }
    expect(await cli('user', 'promote', 'Nobody')).toMatchObject({ code: 1, out: '' });
  });

  it('user set-password: signs out everywhere', async () => {
    const { visitor } = await signIn('Louhi', PASSWORD);
    const next = 'quite another one';
    expect((await run(env, ['user', 'set-password', 'Louhi'], next)).code).toBe(0);
    expect((await visitor.request('/api/media')).status).toBe(401);
    expect((await signIn('Louhi', next)).outcome).toBe('200');
    expect((await run(env, ['user', 'set-password', 'Nobody'], next)).code).toBe(1);
  });

  it('user passkeys reset: removes them and signs out everywhere', async () => {
    const { visitor } = await signIn('Ilmari', PASSWORD);
    const me = meResponse.parse(await (await visitor.request('/api/auth/me')).json());
    const user_id = me.user?.id ?? '';
    const passkey = { user_id, public_key: Buffer.from('key'), counter: 0, transports: [], name: 'phone' };
    for (const credential_id of ['one', 'two'])
      await app.deps.db
        .insertInto('passkeys')
        .values({ ...passkey, id: randomUUID(), credential_id })
        .execute();
    expect((await cli('user', 'passkeys', 'reset', 'ilmari')).out).toContain('Ilmari lost 2 passkeys');
    expect((await visitor.request('/api/media')).status).toBe(401);
    expect(await app.deps.db.selectFrom('passkeys').select('id').execute()).toEqual([]);
    expect((await signIn('Ilmari', PASSWORD)).outcome).toBe('200');
    expect((await cli('user', 'passkeys', 'reset', 'Nobody')).code).toBe(1);
  });

  it('invite create: a link that lets one in', async () => {
    const { out } = await cli('invite', 'create', '--note', 'for Tapio', '--days', '3', '--json');
    const invite = createdInvite.parse(JSON.parse(out));
    expect(invite.link).toBe(`${ORIGIN}/join/${invite.code}`);
    const request = { username: 'Tapio', password: PASSWORD, invite: invite.code };
    expect((await app.visitor().send('POST', '/api/auth/register', request)).status).toBe(201);
    for (const days of ['0', '91', 'many'])
      expect((await cli('invite', 'create', '--days', days)).code).toBe(1);
  });

  it('reprocess: queues what failed, or everything', async () => {
    const items = [];
    for (let count = 0; count < 2; count++)
      items.push(mediaItem.parse(await (await aino.upload(await picture(), 'meme.png')).json()));
    await failReading(app.deps.db, items[0]?.id ?? '', 'text');
    expect(JSON.parse((await cli('reprocess', '--failed', '--json')).out)).toEqual({ count: 1 });
    expect(JSON.parse((await cli('reprocess', '--all', '--json')).out)).toEqual({ count: 2 });
  });
});

describe('storage verify', () => {
  const report = z.object({
    missing: z.array(z.object({ column: z.string(), id: z.string() })),
    wrongSize: z.array(z.object({ id: z.string() })),
    orphans: z.array(z.object({ key: z.string(), young: z.boolean(), removed: z.boolean() })),
    queued: z.array(z.string()),
  });

  it('finds what is lost, changed or left over, mends what it can, and says so by its exit code', async () => {
    await using app = await createTestApp();
    const aino = await app.admin();
    const env = { DATABASE_URL: app.databaseUrl, DATA_DIR: app.dataDir };
    const verify = async (...args: string[]) => {
      const { code, out } = await run(env, ['storage', 'verify', '--json', ...args]);
      return { code, ...report.parse(JSON.parse(out)) };
    };
    const add = async () => mediaItem.parse(await (await aino.upload(await picture(), 'meme.png')).json());
    const [thumbless, lost, changed] = [await add(), await add(), await add()];
    const keysOf = (id: string) =>
      app.deps.db
        .selectFrom('media')
        .select(['object_key', 'thumb_key'])
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
    const fileOf = (key: string) => join(app.dataDir, 'media', key.slice(0, 2), key);
    expect(await verify()).toMatchObject({ code: 0, missing: [], wrongSize: [], orphans: [] });

    // A missing rendition that can be made again. Until then the row names a missing object.
    const gone = `${randomUUID()}.webp`;
    await app.deps.db.updateTable('media').set({ thumb_key: gone }).where('id', '=', thumbless.id).execute();
    const young = `${randomUUID()}.png`;
    const old = `${randomUUID()}.png`;
    for (const key of [young, old]) {
      await mkdir(dirname(fileOf(key)), { recursive: true });
      await writeFile(fileOf(key), 'left over');
    }
    await utimes(fileOf(old), new Date(0), new Date(0));
    const found = await verify();
    expect(found).toMatchObject({ code: 1, missing: [{ id: thumbless.id, column: 'thumb_key' }] });
    expect(found.orphans.map(({ key }) => key)).toEqual(expect.arrayContaining([young, old]));
    const mended = await verify('--repair');
    expect(mended).toMatchObject({ code: 0, queued: [thumbless.id] });
    expect(mended.orphans.find(({ key }) => key === old)?.removed).toBe(true);
    expect(mended.orphans.find(({ key }) => key === young)).toMatchObject({ young: true, removed: false });
    expect(existsSync(fileOf(old))).toBe(false);
    expect(existsSync(fileOf(young))).toBe(true);

    // A problem that no repair fixes stays an alarm.
    await rm(fileOf((await keysOf(lost.id)).object_key));
    await appendFile(fileOf((await keysOf(changed.id)).object_key), 'more');
    const broken = await verify('--repair');
    expect(broken.code).toBe(1);
    expect(broken.missing.filter(({ column }) => column === 'object_key')).toMatchObject([{ id: lost.id }]);
    expect(broken.wrongSize).toMatchObject([{ id: changed.id }]);
  });
});

describe('with the app’s own database', () => {
  it('works beside a live server without disturbing it, and without one', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-cli-'));
    const env = { DATA_DIR: dataDir };
    try {
      const server = await startServer({ dataDir, env: { OCR: 'off' } });
      expect((await spawn(env, ['user', 'create', 'Aino'], `${PASSWORD}\r\n`)).code).toBe(0);
      expect(await spawn(env, ['user', 'create', 'Louhi'])).toMatchObject({ code: 2, out: '' });
      expect((await fetch(`${server.url}/api/ready`)).status).toBe(200);
      const me = await fetch(`${server.url}/api/auth/me`);
      expect(meResponse.parse(await me.json())).toMatchObject({ user: null, firstAccount: false });
      expect(await server.stop()).toBe(0);
      expect((await spawn(env, ['user', 'list'])).out).toContain('Aino');
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});
