import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import { extract, pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { archiveItem, archivePerson } from '../../../app/archive/archive.schema.ts';
import { run as runCommand } from '../../../app/cli/run.ts';
import { collection } from '../../../app/collections/collections.schema.ts';
import { parseConfig } from '../../../app/config.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { createTestApp, ORIGIN, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { caseFile } from '../../support/cases.ts';
import { outcome } from '../../support/errors.ts';
import { objectKeys } from '../../support/objects.ts';
import { picture } from '../../support/media/pictures.ts';
import { folderOf } from './folder-of.ts';

interface Ended {
  code: number;
  out: string;
  err: string;
}

/** A command beside a test app; `input` and `output` are its standard streams. */
async function cli(
  app: TestApp,
  args: readonly string[],
  { input = Readable.from([]), output = new PassThrough() }: { input?: Readable; output?: Writable } = {},
): Promise<Ended> {
  let [out, err] = ['', ''];
  const code = await runCommand(
    args,
    {
      out: (text) => (out += `${text}\n`),
      err: (text) => (err += `${text}\n`),
      newSecret: async () => '',
      stdin: () => input,
      stdout: () => output,
    },
    () =>
      parseConfig({
        LOG_LEVEL: 'silent',
        OCR: 'off',
        DATABASE_URL: app.databaseUrl,
        DATA_DIR: app.dataDir,
        PUBLIC_URL: ORIGIN,
      }),
  );
  return { code, out, err };
}

const report = z.object({
  people: z.object({ added: z.number(), known: z.number() }),
  items: z.object({ added: z.number(), updated: z.number(), skipped: z.number() }),
});
const sharesReport = z.object({ shares: z.object({ added: z.number(), skipped: z.number() }) });
const imported = async (app: TestApp, file: string, ...args: string[]) => {
  const { code, out, err } = await cli(app, ['import', file, '--json', ...args]);
  expect(err).not.toMatch(/error/);
  expect(code).toBe(0);
  return report.parse(JSON.parse(out));
};

interface Member {
  name: string;
  content: Buffer;
  type?: 'file' | 'symlink' | 'directory';
}

async function membersOf(path: string): Promise<Member[]> {
  const members: Member[] = [];
  const tar = extract();
  const read = pipeline(createReadStream(path), tar);
  for await (const entry of tar) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) if (chunk instanceof Uint8Array) chunks.push(chunk);
    members.push({ name: entry.header.name, content: Buffer.concat(chunks) });
  }
  await read;
  return members;
}

async function writeTar(path: string, members: readonly Member[]): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createWriteStream(path));
  for (const { name, content, type = 'file' } of members) {
    if (type === 'file') tar.entry({ name, type }, content);
    else tar.entry({ name, type, linkname: '/etc/passwd' }).end(null);
  }
  tar.finalize();
  await written;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const text = (value: unknown) => Buffer.from(`${JSON.stringify(value)}\n`);

let folder: string;
let source: TestApp;
let aino: Visitor;
let archive: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meemikansio-archive-'));
  source = await createTestApp({ OCR: 'off' });
  aino = await source.admin();
  const louhi = await source.member(aino, 'Louhi');
  for (const [visitor, title, tags] of [
    [aino, 'Maanantai', 'kahvi,aamu'],
    [louhi, '', 'kissa'],
    [louhi, 'Roskiin', ''],
  ] as const) {
    const made = await visitor.upload(await picture(), `${title || 'nimetön'}.png`, { title, tags });
    const { id } = mediaItem.parse(await made.json());
    await louhi.send('PUT', '/api/favourites', { ids: [id], favourite: true });
    if (title === 'Roskiin') await visitor.send('DELETE', `/api/media/${id}`);
  }
  archive = join(folder, 'whole.tar');
  expect(await cli(source, ['export', archive, '--with-passwords'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Exported 2 people and 3 items/),
  });
});
afterAll(async () => {
  await source[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe('an export', () => {
  it('is a tar of lines that say whose each file is, with its hash, and tells no password unasked', async () => {
    const path = join(folder, 'without.tar');
    expect((await cli(source, ['export', path])).code).toBe(0);
    expect((await stat(path)).mode & 0o077).toBe(0);
    const members = await membersOf(path);
    expect(members.map(({ name }) => name.replace(/[0-9a-f]{64}/, 'SHA'))).toEqual([
      'meemikansio.json',
      'people.ndjson',
      ...Array.from({ length: 3 }, () => ['media/SHA.png', 'media/SHA.json']).flat(),
      'end.json',
    ]);
    const [, people] = members;
    expect(people?.content.toString()).not.toMatch(/argon2/);
    for (const [i, { name, content }] of members.entries()) {
      if (!/^media\/.*json$/.test(name)) continue;
      const item = archiveItem.parse(JSON.parse(content.toString()));
      expect(item.file.sha256).toBe(sha256(members[i - 1]?.content ?? Buffer.alloc(0)));
    }
    await rm(path);
  });

  it('is not written over a file that is there, and leaves nothing when it fails', async () => {
    const before = await readdir(folder);
    const refused = await cli(source, ['export', archive]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/exists already/);
    expect(await readdir(folder)).toEqual(before);
    expect((await cli(source, ['export', join(folder, 'nowhere', 'x.tar')])).code).toBe(1);
    const full = new Writable({ write: (_chunk, _encoding, done) => done(new Error('the disk is full')) });
    const broken = await cli(source, ['export', '-'], { output: full });
    expect(broken.code).toBe(1);
    expect(broken.err).toMatch(/the disk is full/);
  });

  it('flows from one instance into another through a pipe', async () => {
    await using target = await createTestApp({ OCR: 'off' });
    const pipe = new PassThrough();
    const [sent, taken] = await Promise.all([
      cli(source, ['export', '-'], { output: pipe }),
      cli(target, ['import', '-', '--json'], { input: pipe }),
    ]);
    expect(sent).toMatchObject({ code: 0, out: '', err: expect.stringMatching(/Exported/) });
    expect(taken.code).toBe(0);
    expect(await folderOf(target)).toEqual(await folderOf(source));
  });

  it('is made without an original that is lost, and says which', async () => {
    await using app = await createTestApp({ OCR: 'off' });
    const visitor = await app.admin();
    const ids = [];
    for (let i = 0; i < 3; i++)
      ids.push(mediaItem.parse(await (await visitor.upload(await picture(), 'x.png')).json()).id);
    const { object_key: key } = await app.deps.db
      .selectFrom('media')
      .select('object_key')
      .where('id', '=', ids[1] ?? '')
      .executeTakeFirstOrThrow();
    await app.deps.storage.delete(key);
    const path = join(folder, 'lost.tar');
    const { code, out } = await cli(app, ['export', path, '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ items: 2, missing: [{ id: ids[1], key }] });
    await using target = await createTestApp({ OCR: 'off' });
    expect((await imported(target, path)).items.added).toBe(2);
  });
});

describe('collections', () => {
  it('move with their order and their adders, and one of the same name gets what it lacks', async () => {
    await using from = await createTestApp({ OCR: 'off' });
    const aino = await from.admin();
    const louhi = await from.member(aino, 'Louhi');
    const ids: string[] = [];
    for (let i = 0; i < 3; i++)
      ids.push(
        mediaItem.parse(await (await aino.upload(await picture(), `${i}.png`, { title: `${i}` })).json()).id,
      );
    const make = async (who: Visitor, name: string, more = {}) =>
      collection.parse(await (await who.send('POST', '/api/collections', { name, ...more })).json()).id;
    const hand = await make(louhi, 'Omat', { description: 'järjestetyt' });
    await aino.send('POST', `/api/collections/${hand}/items`, { ids });
    await louhi.send('PUT', `/api/collections/${hand}/order`, { ids: ids.slice(2), after: ids[0] });
    await make(aino, 'Tyhjä', { sort: 'oldest' });
    await aino.send('DELETE', `/api/media/${ids[1]}`);
    const path = join(folder, 'collections.tar');
    expect((await cli(from, ['export', path])).out).toContain('with 2 collections and 0 share links');
    expect((await cli(from, ['import', path, '--check'])).out).toContain('with 2 collections');

    const collectionsOf = async ({ deps: { db } }: TestApp) =>
      db
        .selectFrom('collections')
        .innerJoin('users', 'users.id', 'owner_id')
        .select(['name', 'key', 'description', 'sort', 'username', 'collections.created_at'])
        .select((eb) =>
          jsonArrayFrom(
            eb
              .selectFrom('collection_items')
              .innerJoin('media', 'media.id', 'media_id')
              .innerJoin('users as adders', 'adders.id', 'added_by')
              .whereRef('collection_id', '=', 'collections.id')
              .select(['sha256', 'place', 'adders.username as adder'])
              .orderBy('place'),
          ).as('items'),
        )
        .orderBy('key')
        .execute();
    await using target = await createTestApp({ OCR: 'off' });
    const importThem = async () =>
      z
        .object({ collections: z.object({ added: z.number(), updated: z.number(), skipped: z.number() }) })
        .parse(JSON.parse((await cli(target, ['import', path, '--json'])).out)).collections;
    expect(await importThem()).toEqual({ added: 2, updated: 0, skipped: 0 });
    const moved = JSON.stringify(await collectionsOf(target));
    expect(moved).toBe(JSON.stringify(await collectionsOf(from)));
    expect(await importThem()).toEqual({ added: 0, updated: 0, skipped: 2 });
    expect(JSON.stringify(await collectionsOf(target))).toBe(moved);

    // The search of the other instance knows them.
    const tapio = await target.deps.db.selectFrom('collection_items').selectAll().orderBy('place').execute();
    await target.deps.db
      .deleteFrom('collection_items')
      .where('media_id', '=', tapio[0]?.media_id ?? '')
      .execute();
    await target.deps.db
      .updateTable('collections')
      .set({ description: 'uusi' })
      .where('key', '=', 'omat')
      .execute();
    expect(await importThem()).toEqual({ added: 0, updated: 1, skipped: 1 });
    const [omat] = await collectionsOf(target);
    expect(omat).toMatchObject({ description: 'uusi', items: [{}, {}, {}] });
  });
});

describe('the share of a collection', () => {
  it('goes on elsewhere, and shows what the collection has there', async () => {
    await using from = await createTestApp({ OCR: 'off' });
    const aino = await from.admin();
    const ids: string[] = [];
    for (const title of ['a', 'b', 'c'])
      ids.push(mediaItem.parse(await (await aino.upload(await picture(), 'm.png', { title })).json()).id);
    const named = await aino.send('POST', '/api/collections', { name: 'Omat' });
    const { id: collectionId } = collection.parse(await named.json());
    await aino.send('POST', `/api/collections/${collectionId}/items`, { ids: ids.slice(0, 2) });
    const made = await aino.send('POST', '/api/shares', { collectionId, showSharer: true });
    const { code } = shareAnswer.parse(await made.json()).share;
    const path = join(folder, 'collection-share.tar');
    expect((await cli(from, ['export', path])).out).toContain('with 1 collection and 1 share link.');
    expect((await cli(from, ['import', path, '--check'])).out).toContain('1 share link');

    await using target = await createTestApp({ OCR: 'off' });
    const importShares = async () =>
      sharesReport.parse(JSON.parse((await cli(target, ['import', path, '--json'])).out)).shares;
    expect(await importShares()).toEqual({ added: 1, skipped: 0 });
    expect(await importShares()).toEqual({ added: 0, skipped: 1 });
    const page = async () => (await target.visitor().request(`/s/${code}`)).text();
    const titles = async () => [...(await page()).matchAll(/<span>(\w)<\/span>/g)].map(([, title]) => title);
    expect(await titles()).toEqual(['a', 'b']);
    expect(await page()).toContain('<h1>Omat</h1>');
    const { db } = target.deps;
    const [third, there, owner] = await Promise.all([
      db.selectFrom('media').select('id').where('title', '=', 'c').executeTakeFirstOrThrow(),
      db.selectFrom('collections').select('id').executeTakeFirstOrThrow(),
      db.selectFrom('users').select('id').executeTakeFirstOrThrow(),
    ]);
    await db
      .insertInto('collection_items')
      .values({ collection_id: there.id, media_id: third.id, place: '0', added_by: owner.id })
      .execute();
    expect(await titles()).toEqual(['c', 'a', 'b']);
  });
});

describe('merged items', () => {
  it('have addresses that lead on elsewhere, too, until one is restored there', async () => {
    await using from = await createTestApp({ OCR: 'off' });
    const aino = await from.admin();
    const upload = async (title: string) =>
      mediaItem.parse(await (await aino.upload(await picture(), 'm.png', { title })).json());
    const [kept, trashed, purged] = [await upload('a'), await upload('b'), await upload('c')];
    await aino.send('POST', '/api/duplicates/merge', { into: kept.id, ids: [trashed.id, purged.id] });
    await aino.send('POST', '/api/media/purge', { ids: [purged.id] });
    const path = join(folder, 'merged.tar');
    await cli(from, ['export', path]);

    await using target = await createTestApp({ OCR: 'off' });
    const there = await target.admin();
    expect(await imported(target, path)).toMatchObject({ items: { added: 2, updated: 0, skipped: 0 } });
    const shown = async ({ id }: { id: string }) =>
      mediaItem.parse(await (await there.request(`/api/media/${id}`)).json());
    const { url } = await shown(kept);
    for (const { id, url: address } of [trashed, purged]) {
      const page = await there.request(`/m/${id}`);
      expect([page.status, page.headers.get('location')]).toEqual([302, `/m/${kept.id}`]);
      const file = await target.visitor().request(address);
      expect([file.status, file.headers.get('location')]).toEqual([302, url]);
    }
    await there.send('POST', '/api/media/restore', { ids: [trashed.id] });
    expect(await imported(target, path)).toMatchObject({ items: { added: 0, updated: 0, skipped: 2 } });
    expect(await shown(trashed)).toMatchObject({ id: trashed.id, title: 'b', deletedAt: null });
    // The other one keeps the texts that it got: they are part of it in the archive.
    expect(await shown(kept)).toMatchObject({ title: 'a', description: 'b\nc' });
    expect((await target.visitor().request(trashed.url)).status).toBe(200);
  });
});

describe('an import', () => {
  it('brings people, passwords, words, tags, favourites, dates and the trash into an empty folder, once', async () => {
    await using target = await createTestApp({ OCR: 'off' });
    expect(await imported(target, archive)).toEqual({
      people: { added: 2, known: 0 },
      items: { added: 3, updated: 0, skipped: 0 },
    });
    expect(await folderOf(target)).toEqual(await folderOf(source));
    expect(await readdir(join(target.dataDir, 'tmp'))).toHaveLength(1); // the app's own

    // The same password opens the same account, with its role.
    const visitor = target.visitor();
    const login = await visitor.send('POST', '/api/auth/login', { username: 'aino', password: PASSWORD });
    expect(await outcome(login)).toBe('200');
    expect(await (await visitor.request('/api/auth/me')).json()).toMatchObject({ user: { role: 'admin' } });

    expect(await imported(target, archive)).toEqual({
      people: { added: 0, known: 2 },
      items: { added: 0, updated: 0, skipped: 3 },
    });
    expect(await folderOf(target)).toEqual(await folderOf(source));
    expect((await objectKeys(target.deps.storage)).length).toBe(3);
    // The address of the item in the trash may be known, and is closed here, too.
    const addresses = await target.deps.db.selectFrom('media').select(['object_key', 'deleted_at']).execute();
    for (const { object_key, deleted_at } of addresses) {
      const { status } = await target.visitor().request(`/api/files/${object_key}`);
      expect(status).toBe(deleted_at === null ? 200 : 404);
    }

    // Jobs make the renditions.
    await target.work();
    const states = () => target.deps.db.selectFrom('media').select(['state', 'thumb_key']).execute();
    await expect
      .poll(async () => (await states()).every(({ state, thumb_key }) => state === 'ready' && thumb_key))
      .toBe(true);
  });

  it('merges into a folder in use: what is there stays, and gets only what it lacks', async () => {
    await using target = await createTestApp({ OCR: 'off' });
    const ilmari = await target.admin(); // another person than the archive's Aino
    const [first, second] = await source.deps.db
      .selectFrom('media')
      .select(['object_key', 'sha256', 'id'])
      .orderBy('id')
      .execute();
    const fileOf = async (key = '') => {
      const bytes = await source.deps.storage.read(key);
      return new Blob([Uint8Array.from(bytes ? await buffer(bytes) : [])]);
    };
    // The same bytes with another title. The upload hash recognizes them, so the item is made the
    // same.
    const made = mediaItem.parse(
      await (
        await ilmari.upload(await fileOf(first?.object_key), 'oma.png', { title: 'Oma', tags: 'oma' })
      ).json(),
    );
    await target.deps.db
      .updateTable('media')
      .set({ sha256: first?.sha256 ?? '' })
      .where('id', '=', made.id)
      .execute();
    // A second problem: another item has the id and the key of this one.
    const other = await target.deps.db
      .selectFrom('media')
      .selectAll()
      .where('id', '=', made.id)
      .executeTakeFirstOrThrow();
    await target.deps.db
      .insertInto('media')
      .values({
        ...other,
        id: second?.id ?? '',
        sha256: 'c'.repeat(64),
        object_key: second?.object_key ?? '',
        thumb_key: null,
      })
      .execute();

    expect(await imported(target, archive)).toEqual({
      people: { added: 1, known: 1 },
      items: { added: 2, updated: 1, skipped: 0 },
    });
    const kept = mediaItem.parse(await (await ilmari.request(`/api/media/${made.id}`)).json());
    expect(kept).toMatchObject({
      title: 'Oma',
      tags: ['aamu', 'kahvi', 'oma'],
      favourites: 1,
      favourite: false,
    });
    const people = await target.deps.db
      .selectFrom('users')
      .select(['username', 'role'])
      .orderBy('username')
      .execute();
    expect(people).toEqual([
      { username: 'Aino', role: 'admin' },
      { username: 'Louhi', role: 'member' },
    ]);
    const moved = await target.deps.db
      .selectFrom('media')
      .select(['id', 'object_key'])
      .where('sha256', '=', second?.sha256 ?? '')
      .executeTakeFirstOrThrow();
    expect(moved.id).not.toBe(second?.id);
    expect(moved.object_key).not.toBe(second?.object_key);
    // The file names the item that it has here, so that `storage adopt` finds it after a restore.
    const owners = await target.deps.storage.owners([moved.object_key]);
    expect(owners.get(moved.object_key)).toEqual({ item: moved.id, role: 'object' });
    const here = await target.deps.storage.read(moved.object_key);
    const there = await source.deps.storage.read(second?.object_key ?? '');
    expect(here && there && sha256(await buffer(here)) === sha256(await buffer(there))).toBe(true);
    expect(await imported(target, archive)).toMatchObject({ items: { added: 0, updated: 0, skipped: 3 } });
  });

  it('never makes an admin of somebody in a folder that has people', async () => {
    await using target = await createTestApp({ OCR: 'off' });
    const tapio = target.visitor();
    await tapio.send('POST', '/api/auth/register', { username: 'Tapio', password: PASSWORD });
    await imported(target, archive);
    const rows = await target.deps.db.selectFrom('users').select(['username', 'role']).execute();
    expect(rows.filter(({ role }) => role === 'admin')).toEqual([{ username: 'Tapio', role: 'admin' }]);
  });

  it('gives everything to one account when asked to, and then knows nobody else', async () => {
    await using target = await createTestApp({ OCR: 'off' });
    const tapio = target.visitor();
    await tapio.send('POST', '/api/auth/register', { username: 'Tapio', password: PASSWORD });
    expect((await cli(target, ['import', archive, '--owner', 'Nobody'])).err).toMatch(/no user Nobody/);
    expect(await imported(target, archive, '--owner', 'tapio')).toMatchObject({
      people: { added: 0, known: 0 },
    });
    const owners = await target.deps.db
      .selectFrom('media')
      .innerJoin('users', 'users.id', 'owner_id')
      .select('username')
      .execute();
    expect(owners).toEqual(Array.from({ length: 3 }, () => ({ username: 'Tapio' })));
    expect(await target.deps.db.selectFrom('favourites').selectAll().execute()).toEqual([]);
  });

  it('only checks when asked to', async () => {
    await using target = await createTestApp({ OCR: 'off' });
    const { code, out } = await cli(target, ['import', archive, '--check']);
    expect(code).toBe(0);
    expect(out).toMatch(/is whole: 2 people, 3 items/);
    expect(await folderOf(target)).toEqual({ people: [], items: [] });
  });
});

describe('what is no archive of ours', () => {
  let target: TestApp;
  let members: Member[];
  beforeAll(async () => {
    target = await createTestApp({ OCR: 'off' });
    members = await membersOf(archive);
  });
  afterAll(() => target[Symbol.asyncDispose]());

  /** Returns the whole archive with some members changed. */
  const changed = (match: RegExp, change: (content: Buffer) => Buffer) =>
    members.map((member) =>
      match.test(member.name) ? { ...member, content: change(member.content) } : member,
    );
  const itemWith = (values: object) =>
    changed(/^media\/.*\.json$/, (content) =>
      text({ ...z.record(z.string(), z.unknown()).parse(JSON.parse(content.toString())), ...values }),
    );
  const renamed = (name: string) => {
    const [header, people, file, item, ...rest] = members;
    return header && people && file && item ? [header, people, { ...file, name }, item, ...rest] : [];
  };

  async function expectRefused(path: string, sentence: RegExp): Promise<void> {
    const refused = await cli(target, ['import', path]);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(sentence);
    expect(
      refused.err
        .trim()
        .split('\n')
        .filter((line) => /^\s+at /.test(line)),
    ).toEqual([]); // no stack
    expect(await folderOf(target)).toEqual({ people: [], items: [] });
    expect(await objectKeys(target.deps.storage)).toEqual([]);
    expect(await readdir(join(target.dataDir, 'tmp'))).toHaveLength(1);
  }

  it.each([
    [
      'a picture',
      async (path: string) => writeFile(path, Buffer.from(await (await picture()).arrayBuffer())),
      /not an export/,
    ],
    ['nothing', (path: string) => writeFile(path, ''), /truncated/],
    ['text', (path: string) => writeFile(path, 'kissa'.repeat(1000)), /not an export/],
    [
      'another tar',
      (path: string) => writeTar(path, [{ name: 'kissa.txt', content: Buffer.from('miau') }]),
      /not an export/,
    ],
    [
      'a tar of links',
      (path: string) =>
        writeTar(path, [{ name: 'meemikansio.json', content: Buffer.alloc(0), type: 'symlink' }]),
      /not an export/,
    ],
    [
      'a header of something else',
      (path: string) =>
        writeTar(path, [{ name: 'meemikansio.json', content: text({ format: 'else', version: 1 }) }]),
      /not an export/,
    ],
    [
      'a later format',
      (path: string) =>
        writeTar(path, [
          { name: 'meemikansio.json', content: text({ format: 'meemikansio', version: 5, other: true }) },
        ]),
      /format version 5; this release reads versions up to 4/,
    ],
  ] as const)('is refused in a sentence: %s', async (_what, write, sentence) => {
    const path = join(folder, randomUUID());
    await write(path);
    await expectRefused(path, sentence);
  });

  it('is refused where it is truncated, wherever that is', async () => {
    const { size } = await stat(archive);
    const path = join(folder, 'cut.tar');
    for (const share of [0.02, 0.2, 0.5, 0.9, 0.99]) {
      await writeFile(path, await readFile(archive));
      await truncate(path, Math.floor(size * share));
      await expectRefused(path, /truncated|damaged/);
    }
    // Cut between two members, with the end of a tar. Only our own end member is missing.
    await writeTar(path, members.slice(0, -1));
    await expectRefused(path, /truncated/);
    await writeTar(path, members.slice(0, -2));
    await expectRefused(path, /instead of|truncated/);
  });

  it.each([
    '../../etc/cron.d/meme',
    '/etc/passwd',
    'media/../../x.png',
    'media/..%2fx.png',
    `media/${'a'.repeat(64)}.html`,
    `media/${'a'.repeat(64)}.svg`,
    `media/${'A'.repeat(64)}.png`,
    'media/sub/x.png',
    'C:\\x.png',
  ])('never becomes a path: %s', async (name) => {
    const path = join(folder, randomUUID());
    await writeTar(path, renamed(name));
    await expectRefused(path, /does not belong in an export/);
  });

  it('is refused when a link hides in it', async () => {
    const path = join(folder, randomUUID());
    const [header, people, ...rest] = members;
    if (!header || !people) throw new Error('no archive');
    for (const type of ['symlink', 'directory'] as const) {
      const hidden = { name: `media/${'a'.repeat(64)}.png`, content: Buffer.alloc(0), type };
      await writeTar(path, [header, people, hidden, ...rest]);
      await expectRefused(path, new RegExp(`has a ${type} in it`));
    }
  });

  it('is refused when a file is not what was written down', async () => {
    const path = join(folder, randomUUID());
    await writeTar(
      path,
      changed(/\.png$/, (content) => Buffer.concat([content, Buffer.from('x')])),
    );
    await expectRefused(path, /SHA-256/);
    const page = Buffer.from('<!doctype html><script>alert(1)</script>'.padEnd(200));
    const disguised = changed(/\.png$/, () => page).map((member) =>
      /^media\/.*json$/.test(member.name)
        ? {
            ...member,
            content: text({
              ...z.record(z.string(), z.unknown()).parse(JSON.parse(member.content.toString())),
              file: { sha256: sha256(page), size: page.length },
            }),
          }
        : member,
    );
    await writeTar(path, disguised);
    await expectRefused(path, /not of the type/);
  });

  it('is refused when a photo of a format that is never stored poses as a JPEG', async () => {
    const path = join(folder, randomUUID());
    const photo = await readFile(caseFile('photo.heic'));
    const posing = itemWith({
      mime: 'image/jpeg',
      key: `${randomUUID()}.jpg`,
      file: { sha256: sha256(photo), size: photo.length },
    }).map((member) =>
      member.name.endsWith('.png')
        ? { ...member, name: member.name.replace(/png$/, 'jpg'), content: photo }
        : member,
    );
    await writeTar(path, posing);
    await expectRefused(path, /not of the type/);
  });

  it.each([
    ['a key that is a path', { key: '../../x.png' }, /key/],
    ['a key of another type', { key: `${randomUUID()}.webp` }, /object key of another type/],
    ['an owner who is nobody', { owner: randomUUID() }, /has no owner/],
    [
      'a favourite of nobody',
      { favourites: [{ person: randomUUID(), at: '2026-01-01T00:00:00Z' }] },
      /favourite of nobody/,
    ],
    ['a kind there is not', { kind: 'page' }, /kind/],
    ['a tag that is none', { tags: ['#'] }, /tag/],
    ['a time that is none', { createdAt: 'yesterday' }, /createdAt/],
    ['the hash of another upload', { sha256: 'b'.repeat(64) }, /another/],
  ] as const)('is refused with %s', async (_what, values, sentence) => {
    const path = join(folder, randomUUID());
    await writeTar(path, itemWith(values));
    await expectRefused(path, sentence);
  });

  it('is refused with people that could not be here', async () => {
    const path = join(folder, randomUUID());
    const [first] = (members[1]?.content.toString() ?? '').split('\n');
    const person = archivePerson.parse(JSON.parse(first ?? ''));
    const hashOf = (parameters: string) => `$argon2id$v=19$${parameters}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
    for (const [values, sentence] of [
      [{ username: '<b>' }, /username/],
      [{ role: 'owner' }, /role/],
      [{ passwordHash: 'secret' }, /passwordHash/],
      [
        { passwordHash: hashOf('m=9999999,t=2,p=1') },
        /line 1 of people.*passwordHash must be Argon2id with m=/,
      ],
      [{ passwordHash: hashOf('m=19456,t=999,p=1') }, /passwordHash must be Argon2id/],
      [{ passwordHash: hashOf('m=19456,t=2,p=99') }, /passwordHash must be Argon2id/],
    ] as const) {
      await writeTar(
        path,
        changed(/^people/, () => text({ ...person, ...values })),
      );
      await expectRefused(path, sentence);
    }
    // Two usernames that look the same. The import reports it before it writes anything.
    const twins = Buffer.concat([
      text({ ...person, username: 'paypal' }),
      text({ ...person, id: randomUUID(), username: 'pаypal' }),
    ]);
    const [header, , , , , , , , end] = members;
    if (!header || !end) throw new Error('no archive');
    await writeTar(path, [
      header,
      { name: 'people.ndjson', content: twins },
      { ...end, content: text({ people: 2, items: 0 }) },
    ]);
    await expectRefused(path, /looks like an existing.*--owner/);
  });

  it('cannot be read at all', async () => {
    await expectRefused(join(folder, 'no such file'), /cannot be read: ENOENT/);
    await expectRefused(folder, /is not a file/);
  });
});

describe('share links', () => {
  it('come along under their codes, once, with what they show here', async () => {
    await using from = await createTestApp({ OCR: 'off' });
    const aino = await from.admin();
    const ids: string[] = [];
    for (let i = 0; i < 3; i++)
      ids.push(mediaItem.parse(await (await aino.upload(await picture(), 'meme.png')).json()).id);
    const share = async (itemIds: readonly string[], more = {}) =>
      shareAnswer.parse(await (await aino.send('POST', '/api/shares', { itemIds, ...more })).json()).share;
    const gallery = await share(ids.toReversed(), {
      expires: 'week',
      showSharer: true,
      endFileAddress: true,
    });
    const revoked = await share(ids.slice(0, 1));
    await aino.send('DELETE', `/api/shares/${revoked.code}`);
    await from
      .visitor()
      .request(`/s/${gallery.code}`, { headers: { 'user-agent': 'Mozilla/5.0 Firefox/145.0' } });
    await from.deps.shareOpens.flush();
    const path = join(folder, 'shares.tar');
    expect((await cli(from, ['export', path])).out).toContain('2 share links');
    expect((await cli(from, ['import', path, '--check'])).out).toContain('2 share links');

    await using target = await createTestApp({ OCR: 'off' });
    const importShares = async (file: string) => {
      const { code, out } = await cli(target, ['import', file, '--json']);
      expect(code).toBe(0);
      return sharesReport.parse(JSON.parse(out)).shares;
    };
    expect(await importShares(path)).toEqual({ added: 2, skipped: 0 });
    const sharesOf = async ({ deps: { db } }: TestApp) =>
      db
        .selectFrom('shares')
        .innerJoin('users', 'users.id', 'shares.owner_id')
        .select(['code', 'username', 'show_sharer', 'end_file_address', 'opens'])
        .select(['expires_at', 'revoked_at', 'last_opened_at', 'shares.created_at'])
        .select((eb) =>
          jsonArrayFrom(
            eb
              .selectFrom('share_items')
              .innerJoin('media', 'media.id', 'media_id')
              .whereRef('share_items.code', '=', 'shares.code')
              .select(['position', 'sha256'])
              .orderBy('position'),
          ).as('items'),
        )
        .orderBy('code')
        .execute();
    const rounded = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
    expect(rounded(await sharesOf(target))).toEqual(rounded(await sharesOf(from)));
    expect((await target.visitor().request(`/s/${gallery.code}/2`)).status).toBe(200);
    expect((await target.visitor().request(`/s/${revoked.code}`)).status).toBe(410);
    expect(await importShares(path)).toEqual({ added: 0, skipped: 2 });
  });

  it('are refused where they cannot be ours', async () => {
    const members = await membersOf(archive);
    const people = members.find(({ name }) => name === 'people.ndjson')?.content.toString() ?? '';
    const owner = archivePerson.parse(JSON.parse(people.split('\n')[0] ?? '')).id;
    const good = {
      code: 'A'.repeat(22),
      owner,
      items: [{ position: 0, sha256: 'a'.repeat(64) }],
      showSharer: false,
      endFileAddress: false,
      opens: 0,
      createdAt: new Date().toISOString(),
      expiresAt: null,
      revokedAt: null,
      lastOpenedAt: null,
    };
    const path = join(folder, 'odd-shares.tar');
    const write = async (share: object, shares = 1) => {
      const end = members.at(-1);
      if (!end) throw new Error('no archive');
      const counts: object = z.looseObject({}).parse(JSON.parse(end.content.toString()));
      await writeTar(path, [
        ...members.slice(0, -1),
        { name: 'shares.ndjson', content: text(share) },
        { ...end, content: text({ ...counts, shares }) },
      ]);
    };
    const refuses = async (archivePath: string, sentence: RegExp) => {
      const { code, err } = await cli(source, ['import', archivePath, '--check']);
      expect(code).toBe(1);
      expect(err).toMatch(sentence);
    };
    await write(good);
    expect((await cli(source, ['import', path, '--check'])).code).toBe(0);
    for (const [values, sentence] of [
      [{ code: '../x' }, /line 1 of shares.ndjson.*code/],
      [{ items: [] }, /line 1 of shares.ndjson.*items/],
      [{ items: [{ position: 100, sha256: 'a'.repeat(64) }] }, /position/],
      [{ owner: randomUUID() }, /belongs to nobody/],
    ] as const) {
      await write({ ...good, ...values });
      await refuses(path, sentence);
    }
    await write(good, 2);
    await refuses(path, /differs from the counts at its end/);
  });
});
