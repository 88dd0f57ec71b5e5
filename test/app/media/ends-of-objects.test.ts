import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { jobHandlers } from '../../../app/job-handlers.ts';
import { createLogger } from '../../../app/logger.ts';
import { syncAllAddresses } from '../../../app/media/address.service.ts';
import { verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { KEY_COLUMNS } from '../../../app/media/media.repository.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { purgeExpired } from '../../../app/media/purge.service.ts';
import { runStage } from '../../../app/media/stages/stages.service.ts';
import { endCards } from '../../../app/shares/end-cards.service.ts';
import { remakeThumbnail } from '../../../app/media/thumbnail-remakes.service.ts';
import { shareAnswer } from '../../../app/shares/shares.schema.ts';
import { contentTypeOf } from '../../../app/storage/content-types.ts';
import { createTestApp, ORIGIN, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { createBucket } from '../../support/servers/bucket.ts';
import { picture } from '../../support/media/pictures.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';

/**
 * Every kind of object, and what becomes of it by everything that can end it. The process ends
 * before it deletes anything itself: the jobs of its transactions do that. In the end, no object is
 * left that no row names.
 */

/** Each source file that writes objects. A new one belongs into the table below. */
const WRITERS = [
  'app/archive/import-item.ts',
  'app/media/address.service.ts',
  'app/media/stages/stages.service.ts',
  'app/media/thumbnail-remakes.service.ts',
  'app/media/upload.service.ts',
  'app/shares/cards.service.ts',
  'app/storage/copy.ts',
  'app/storage/objects.ts',
];

/** Passes each call on to a storage. */
const WRAPPERS: ReadonlySet<string> = new Set(['storage/traced-storage.ts']);

it('lists every file that writes objects', async () => {
  const root = join(import.meta.dirname, '../../..');
  const names = await readdir(join(root, 'app'), { recursive: true });
  const found: string[] = [];
  for (const name of names.filter((one) => one.endsWith('.ts') && !WRAPPERS.has(one))) {
    const text = await readFile(join(root, 'app', name), 'utf8');
    // An example in a comment writes none.
    if (/^(?! \*).*(\b(storage|to)\.(put|copy)\(|\bawait storeObjects\()/m.test(text))
      found.push(`app/${name}`);
  }
  expect(found.toSorted()).toEqual(WRITERS);
});

/**
 * `same`: served at its address. `hidden`: kept, its address is dead. `new`: the row names another
 * object, and the old one is gone. `gone`: the row names none, and the old one is gone.
 */
type Fate = 'same' | 'hidden' | 'new' | 'gone';
interface Fates {
  original: Fate;
  thumb: Fate;
  /** The wider thumbnail. */
  large: Fate;
  /** Poster, preview and playback version. */
  renditions: Fate;
  /** Sharing picture of the item. */
  card: Fate;
  /** Sharing picture of a gallery with the item. */
  gallery: Fate;
}
const all = (fate: Fate): Fates => ({
  original: fate,
  thumb: fate,
  large: fate,
  renditions: fate,
  card: fate,
  gallery: fate,
});

const backends = missingS3Server() === undefined ? (['local', 's3'] as const) : (['local'] as const);
const logger = createLogger('silent', false);
const context = { signal: new AbortController().signal, lastTry: true, logger };

describe.each(backends)('objects in %s storage', (backend) => {
  let server: S3Server | undefined;
  let app: TestApp;
  let aino: Visitor;
  let eino: Visitor;
  let einoId: string;
  let otherId: string | undefined;
  let id: string;
  let codes: readonly string[];
  beforeAll(async () => {
    server = backend === 's3' ? await startS3Server() : undefined;
    const bucket = server && (await createBucket(server, { origin: ORIGIN }));
    app = await createTestApp({ ...bucket?.env, OCR: 'off' });
    aino = await app.admin();
    eino = await app.member(aino, 'Eino');
    ({ id: einoId } = await app.deps.db
      .selectFrom('users')
      .select('id')
      .where('username', '=', 'Eino')
      .executeTakeFirstOrThrow());
  });
  afterAll(async () => {
    await app[Symbol.asyncDispose]();
    await server?.stop();
  });

  /** Small pictures: many are made. */
  const add = async () => {
    const file = await picture('png', { width: 48, height: 32 });
    return mediaItem.parse(await (await eino.upload(file, 'meme.png')).json()).id;
  };
  const share = async (itemIds: string[]) =>
    shareAnswer.parse(await (await eino.send('POST', '/api/shares', { itemIds })).json()).share.code;
  const ok = async (request: Promise<Response>) => {
    const response = await request;
    expect(response.ok, await response.clone().text()).toBe(true);
  };
  const trash = () => ok(eino.send('DELETE', `/api/media/${id}`));
  const restore = () => ok(eino.send('POST', `/api/media/${id}/restore`));
  const rowOf = () =>
    app.deps.db.selectFrom('media').select(KEY_COLUMNS).where('id', '=', id).executeTakeFirst();
  const galleryKey = async () =>
    (
      await app.deps.db
        .selectFrom('shares')
        .select('card_key')
        .where('code', '=', codes[1] ?? '')
        .executeTakeFirst()
    )?.card_key ?? null;
  const tokenOf = async (stage: string) =>
    (
      await app.deps.db
        .selectFrom('media_stages')
        .select('token')
        .where('media_id', '=', id)
        .where('stage', '=', stage)
        .executeTakeFirstOrThrow()
    ).token;

  /** An item with every rendition, alone in a share and with another in a gallery. */
  beforeEach(async () => {
    otherId ??= await add();
    id = await add();
    const renditions: Record<string, string> = {};
    for (const [column, extension] of [
      ['large_key', 'webp'],
      ['poster_key', 'webp'],
      ['preview_key', 'mp4'],
      ['playback_key', 'mp4'],
    ] as const) {
      const key = `${crypto.randomUUID()}.${extension}`;
      await app.deps.storage.put(key, import.meta.filename, { contentType: contentTypeOf(key) });
      renditions[column] = key;
    }
    // The still of the gallery is the thumbnail until its picture is made.
    const { poster_key, ...clips } = renditions;
    await app.deps.db.updateTable('media').set(clips).where('id', '=', id).execute();
    codes = [await share([id]), await share([id, otherId])];
    for (const code of codes) await ok(app.visitor().request(`/s/${code}/card.jpg`));
    await drain();
    await app.deps.db.updateTable('media').set({ poster_key }).where('id', '=', id).execute();
  });

  /** Does the waiting jobs, also those that are due later. */
  async function drain(): Promise<void> {
    const handlers = new Map(
      jobHandlers({ ...app.deps, directory: app.deps.tmpDir }).map((one) => [
        one.definition.name,
        one.handle,
      ]),
    );
    for (;;) {
      const { rows } = await sql<{ name: string; data: object | null }>`
        delete from pgboss.job where state < 'active' and (name like 'media.%' or name like 'shares.%')
        returning name, data`.execute(app.deps.db);
      if (rows.length === 0) return;
      for (const { name, data } of rows) await handlers.get(name)?.(data ?? {}, context);
    }
  }

  const dieBeforeDeletions = () =>
    vi.spyOn(app.deps.storage, 'delete').mockRejectedValue(new Error('killed'));

  /** Lets the jobs of the first of two steps run. */
  async function settle(): Promise<void> {
    vi.restoreAllMocks();
    await drain();
    dieBeforeDeletions();
  }

  const replace = async () => {
    const body = new FormData();
    body.set('file', await picture('webp', { width: 90, height: 60 }), 'other.webp');
    await ok(eino.request(`/api/media/${id}/file`, { method: 'PUT', body }));
  };
  const revoke = async (query = '') => {
    for (const code of codes) await ok(eino.send('DELETE', `/api/shares/${code}${query}`));
  };
  const shareEnds: Fates = { ...all('same'), card: 'gone', gallery: 'gone' };
  const restored: Fates = { ...all(backend === 's3' ? 'new' : 'same'), gallery: 'gone' };

  const ENDS: [string, Fates, () => Promise<unknown>][] = [
    ['trash', { ...all('hidden'), gallery: 'gone' }, trash],
    [
      'undone trash',
      { ...all('same'), gallery: 'gone' },
      async () => {
        await trash();
        await restore();
      },
    ],
    [
      'restoration',
      restored,
      async () => {
        await trash();
        await settle();
        await restore();
      },
    ],
    [
      'deletion for good',
      all('gone'),
      async () => {
        await trash();
        await ok(eino.send('DELETE', `/api/media/${id}?forever=true`));
      },
    ],
    [
      'deletion of many for good, after they were hidden',
      all('gone'),
      async () => {
        await trash();
        await settle();
        await ok(eino.send('POST', '/api/media/purge', { ids: [id] }));
      },
    ],
    [
      'emptied trash',
      all('gone'),
      async () => {
        await trash();
        await ok(eino.send('DELETE', '/api/trash'));
      },
    ],
    [
      '30 days in the trash',
      all('gone'),
      async () => {
        await trash();
        await sql`update media set deleted_at = now() - interval '31 days' where id = ${id}`.execute(
          app.deps.db,
        );
        await purgeExpired(app.deps);
      },
    ],
    [
      'replacement',
      { ...all('new'), large: 'gone', renditions: 'gone', card: 'gone', gallery: 'gone' },
      replace,
    ],
    [
      'replacement in the trash',
      { ...all('hidden'), large: 'gone', renditions: 'gone', card: 'gone', gallery: 'gone' },
      async () => {
        await trash();
        await replace();
      },
    ],
    [
      'new address',
      { ...all('new'), gallery: 'gone' },
      () => ok(eino.send('POST', `/api/media/${id}/new-address`)),
    ],
    [
      'remaking of renditions',
      { ...all('same'), thumb: 'new', large: 'gone' },
      () => ok(eino.send('POST', `/api/media/${id}/reprocess`)),
    ],
    [
      'remaking of an old thumbnail',
      { ...all('same'), thumb: 'new', large: 'gone' },
      async () => {
        await app.deps.db.updateTable('media').set({ thumb_recipe: 0 }).where('id', '=', id).execute();
        await remakeThumbnail({ ...app.deps, directory: app.deps.tmpDir }, id, context);
      },
    ],
    [
      'failed job',
      all('same'),
      async () => {
        await app.deps.db
          .updateTable('media_stages')
          .set({ state: 'pending' })
          .where('media_id', '=', id)
          .execute();
        const run = { mediaId: id, stage: 'thumbnail', token: await tokenOf('thumbnail') } as const;
        await runStage({ ...app.deps, directory: app.deps.tmpDir }, run, context, () =>
          Promise.reject(new Error('failed')),
        ).catch(() => {});
      },
    ],
    ['revocation', shareEnds, () => revoke()],
    ['revocation of all', shareEnds, () => ok(eino.send('DELETE', '/api/shares'))],
    [
      'revocation with file addresses',
      { ...all('new'), card: 'gone', gallery: 'gone' },
      () => revoke('?endFileAddress=true'),
    ],
    [
      'expiry',
      shareEnds,
      async () => {
        await sql`update shares set expires_at = now() - interval '1 second'`.execute(app.deps.db);
        await endCards(app.deps);
      },
    ],
    [
      'disabled account',
      shareEnds,
      async () => {
        await ok(aino.send('PATCH', `/api/users/${einoId}`, { disabled: true }));
        await ok(aino.send('PATCH', `/api/users/${einoId}`, { disabled: false }));
        eino = app.visitor();
        await ok(eino.send('POST', '/api/auth/login', { username: 'Eino', password: PASSWORD }));
        await endCards(app.deps);
      },
    ],
  ];
  afterEach(() => vi.restoreAllMocks());

  it.each(ENDS)('after %s', async (_name, fates, end) => {
    const before = await rowOf();
    const gallery = await galleryKey();
    if (!before || gallery === null) throw new Error('nothing to end');
    dieBeforeDeletions();
    await end().finally(() => vi.restoreAllMocks());
    await drain();
    await syncAllAddresses(app.deps);
    const now = await rowOf();
    const keys: [string, Fate, string | null, string | null][] = [
      ['original', fates.original, before.object_key, now?.object_key ?? null],
      ['thumb', fates.thumb, before.thumb_key, now?.thumb_key ?? null],
      ['large', fates.large, before.large_key, now?.large_key ?? null],
      ['poster', fates.renditions, before.poster_key, now?.poster_key ?? null],
      ['preview', fates.renditions, before.preview_key, now?.preview_key ?? null],
      ['playback', fates.renditions, before.playback_key, now?.playback_key ?? null],
      ['card', fates.card, before.card_key, now?.card_key ?? null],
      ['gallery', fates.gallery, gallery, await galleryKey()],
    ];
    const found: [string, Fate | 'unnamed'][] = [];
    for (const [kind, , old, named] of keys) found.push([kind, await fateOf(old ?? '', named)]);
    expect(found).toEqual(keys.map(([kind, fate]) => [kind, fate]));
    expect(await verifyStorage(app.deps)).toMatchObject({ missing: [], orphans: [] });
  });

  async function fateOf(old: string, named: string | null): Promise<Fate | 'unnamed'> {
    const { storage } = app.deps;
    const url = storage.publicUrl(old);
    const response = await (url.startsWith('/') ? app.visitor().request(url) : fetch(url));
    await response.arrayBuffer();
    if (named !== null && (await storage.info(named)) === null) throw new Error(`${named} is lost`);
    if (response.ok) return named === old ? 'same' : 'unnamed';
    if (named !== old && (await storage.info(old)) !== null) return 'unnamed';
    if (named === null) return 'gone';
    const row = await app.deps.db
      .selectFrom('media')
      .select('deleted_at')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return row.deleted_at === null ? 'new' : 'hidden';
  }
});
