import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { MIN_PART_BYTES, PART_BYTES } from '../../../app/resumable/resumable.limits.ts';
import { resumableUpload } from '../../../app/resumable/resumable.schema.ts';
import { outcome } from '../../support/errors.ts';
import { noisePng } from '../../support/media/noise.ts';
import { picture } from '../../support/media/pictures.ts';
import { blobOf } from '../../support/media/videos.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { ask, begin, metadataOf, sendAt, sendRest, stop, TUS } from '../../support/servers/resumable.ts';

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp({ MAX_UPLOAD_MB: '9', OCR: 'off' });
  aino = await app.admin();
});
afterAll(() => app[Symbol.asyncDispose]());
afterEach(async () => {
  await app.deps.db.deleteFrom('resumable_uploads').where('media_id', 'is', null).execute();
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
/** A picture of some 1.1 MB. */
const file = () => noisePng(600);
const itemsOf = async (bytes: Uint8Array) =>
  app.deps.db.selectFrom('media').select('id').where('sha256', '=', sha256(bytes)).execute();
/** Files of uploads that are unfinished, and temporary ones. */
const leftovers = async () => (await app.files()).filter((name) => /^(uploads|tmp)\//.test(name));

describe('a resumable upload', () => {
  it('makes the same item as a form, of the parts in their order', async () => {
    const bytes = await file();
    const words = { filename: 'C:\\meme.png', title: ' Maanantai ', tags: 'Kissa, koira', filetype: 'x' };
    const asked = await ask(aino.request, bytes.length, words);
    expect(asked.status).toBe(201);
    const { id, offset, item: none } = resumableUpload.parse(await asked.json());
    const path = `/api/uploads/${id}`;
    expect([offset, none, asked.headers.get('location')]).toEqual([0, null, path]);
    const first = await sendAt(aino.request, path, 0, bytes.subarray(0, 300_000));
    expect([first.status, first.headers.get('upload-offset')]).toEqual([204, '300000']);
    const head = await aino.request(path, { method: 'HEAD', headers: TUS });
    expect(Object.fromEntries(head.headers)).toMatchObject({
      'cache-control': 'no-store',
      'tus-resumable': '1.0.0',
      'upload-length': String(bytes.length),
      'upload-offset': '300000',
      'upload-expires': expect.stringMatching(/ GMT$/),
    });
    const last = await sendRest(aino.request, path, bytes, { from: 300_000, step: 400_000 });
    expect(last.status, await last.clone().text()).toBe(201);
    const item = mediaItem.parse(await last.json());
    expect(item).toMatchObject({ title: 'Maanantai', tags: ['kissa', 'koira'], originalName: 'meme.png' });
    expect(await (await aino.request(`/api/media/${item.id}`)).json()).toEqual(item);
    const original = Buffer.from(await (await aino.request(item.url)).arrayBuffer());
    expect(original.equals(bytes)).toBe(true);
    expect(await leftovers()).toEqual([]);
  });

  it('takes a body of many parts at once', async () => {
    const bytes = await noisePng(1700);
    expect(bytes.length).toBeGreaterThan(2 * PART_BYTES);
    const { path } = await begin(aino.request, bytes.length);
    expect((await sendRest(aino.request, path, bytes)).status).toBe(201);
    expect(await itemsOf(bytes)).toHaveLength(1);
    expect(await leftovers()).toEqual([]);
  });

  it('answers its item to whoever repeats a request, and makes no second one', async () => {
    const bytes = await file();
    const { path } = await begin(aino.request, bytes.length);
    const { id } = mediaItem.parse(await (await sendRest(aino.request, path, bytes)).json());
    for (const [offset, rest] of [
      [0, bytes],
      [bytes.length, Buffer.alloc(0)],
      [17, Buffer.alloc(0)],
    ] as const) {
      const again = await sendAt(aino.request, path, offset, rest);
      expect([again.status, mediaItem.parse(await again.json()).id]).toEqual([201, id]);
    }
    const { item, offset } = resumableUpload.parse(await (await aino.request(path)).json());
    expect([item?.id, offset]).toEqual([id, bytes.length]);
    expect(await itemsOf(bytes)).toHaveLength(1);
    // The upload ends; its item stays.
    expect((await stop(aino.request, path)).status).toBe(204);
    expect(await outcome(await aino.request(path))).toBe('404 not_found');
    expect(await itemsOf(bytes)).toHaveLength(1);
  });

  it('is found by its SHA-256 where the address is lost, and takes newer words', async () => {
    const bytes = await file();
    const words = { sha256: sha256(bytes), title: 'Before' };
    const { id, path } = await begin(aino.request, bytes.length, words);
    await sendAt(aino.request, path, 0, bytes.subarray(0, 500_000));
    const again = await ask(aino.request, bytes.length, { sha256: sha256(bytes), tags: 'koira' });
    expect(again.status).toBe(200);
    expect(resumableUpload.parse(await again.json())).toMatchObject({ id, offset: 500_000 });
    // Another size, another file or another user: another upload.
    expect((await begin(aino.request, bytes.length - 1, words)).id).not.toBe(id);
    expect((await begin(aino.request, bytes.length, { sha256: 'a'.repeat(64) })).id).not.toBe(id);
    expect((await begin(aino.request, bytes.length)).id).not.toBe(id);
    const answer = await sendRest(aino.request, path, bytes, { from: 500_000 });
    expect(mediaItem.parse(await answer.json())).toMatchObject({ title: 'Before', tags: ['koira'] });
    // A finished one is not found: the file is an item now.
    expect((await begin(aino.request, bytes.length, words)).id).not.toBe(id);
  });

  it('tells what the server can to a program that asks', async () => {
    const answer = await aino.request('/api/uploads', { method: 'OPTIONS' });
    expect([answer.status, Object.fromEntries(answer.headers)]).toMatchObject([
      204,
      {
        'tus-resumable': '1.0.0',
        'tus-version': '1.0.0',
        'tus-extension': 'creation,expiration,termination',
        'tus-max-size': '9000000',
      },
    ]);
  });
});

describe('an upload whose process ends', () => {
  /** Lets the first item of an app fail before or after its transaction. */
  async function failing(when: 'before' | 'after') {
    return createTestApp({ OCR: 'off' }, (deps) => {
      const { add } = deps.uploads;
      let failed = false;
      deps.uploads.add = async (upload) => {
        const lost = !failed;
        failed = true;
        const item = lost && when === 'before' ? null : await add(upload);
        if (lost || item === null) throw new Error('killed');
        return item;
      };
    });
  }

  it.each(['request', 'job'])('before its item is made gets it by the next %s', async (by) => {
    await using own = await failing('before');
    const eino = await own.admin();
    const bytes = await file();
    const { id, path } = await begin(eino.request, bytes.length);
    expect(await outcome(await sendRest(eino.request, path, bytes))).toBe('500 internal');
    expect(resumableUpload.parse(await (await eino.request(path)).json())).toMatchObject({
      offset: bytes.length,
      item: null,
    });
    if (by === 'job') {
      const { rows } = await waitingJobs(own);
      expect(rows).toEqual([{ name: 'uploads.finish', id }]);
      await own.deps.resumables.finishLater(id);
      await own.deps.resumables.finishLater(id);
    }
    const answer = await sendAt(eino.request, path, bytes.length, Buffer.alloc(0));
    expect(answer.status).toBe(201);
    expect(await own.deps.db.selectFrom('media').select('id').execute()).toEqual([
      { id: mediaItem.parse(await answer.json()).id },
    ]);
    expect((await own.files()).filter((name) => name.startsWith('uploads/'))).toEqual([]);
  });

  it('after its item was made, unheard, answers that item', async () => {
    await using own = await failing('after');
    const eino = await own.admin();
    const bytes = await file();
    const { path } = await begin(eino.request, bytes.length);
    const answer = await sendRest(eino.request, path, bytes);
    expect(answer.status, await answer.clone().text()).toBe(201);
    const rows = await own.deps.db.selectFrom('media').select('id').execute();
    expect(rows).toEqual([{ id: mediaItem.parse(await answer.json()).id }]);
    // The job of the transaction removes the parts that the process could not.
    await own.work();
    await expect
      .poll(async () => (await own.files()).filter((name) => name.startsWith('uploads/')))
      .toEqual([]);
  });

  it('makes one item of two last requests at the same time', async () => {
    const bytes = await file();
    const { path } = await begin(aino.request, bytes.length);
    await sendAt(aino.request, path, 0, bytes.subarray(0, 600_000));
    const rest = bytes.subarray(600_000);
    const answers = await Promise.all([1, 2, 3].map(() => sendAt(aino.request, path, 600_000, rest)));
    const outcomes = await Promise.all(answers.map((answer) => outcome(answer.clone())));
    expect(outcomes).toContain('201');
    for (const one of outcomes) expect(['201', '409 wrong_offset']).toContain(one);
    expect(await itemsOf(bytes)).toHaveLength(1);
    expect(await leftovers()).toEqual([]);
  });
});

async function waitingJobs({ deps }: TestApp) {
  return sql<{ name: string; id: string }>`
    select name, data ->> 'id' as id from pgboss.job where name like 'uploads.%' and state < 'active'
      and data ->> 'id' is not null`.execute(deps.db);
}

describe('bad requests', () => {
  it.each<[string, number | string, Record<string, string>, string]>([
    ['an empty file', 0, {}, '422 empty_file'],
    ['a file that is too large', 9_000_001, {}, '413 file_too_large'],
    ['a negative size', '-1', {}, '422 invalid_field'],
    ['a size of words', 'many', {}, '422 invalid_field'],
    ['a size beyond numbers', '9'.repeat(30), {}, '422 invalid_field'],
    ['a size with a fraction', '1.5', {}, '422 invalid_field'],
    ['a hash that is none', 1000, { sha256: 'A'.repeat(64) }, '422 invalid_field'],
    ['a tag that is none', 1000, { tags: '\u0000' }, '422 invalid_field'],
    ['a long title', 1000, { title: 'x'.repeat(201) }, '422 invalid_field'],
  ])('begin no upload: %s', async (_name, byteSize, words, expected) => {
    expect(await outcome(await ask(aino.request, byteSize, words))).toBe(expected);
  });

  it.each([
    ['kissa !!', '422 invalid_field'],
    ['title 77/+', '422 invalid_field'],
    ['title  S2lzc2E=, relative', '201'],
    ['__proto__ S2lzc2E=', '201'],
    ['', '201'],
  ])('begin an upload with metadata only if it is base64 of UTF-8: "%s"', async (metadata, expected) => {
    const headers = { ...TUS, 'upload-length': '1000', 'upload-metadata': metadata };
    expect(await outcome(await aino.request('/api/uploads', { method: 'POST', headers }))).toBe(expected);
  });

  it('are refused without the headers of the protocol', async () => {
    const { path } = await begin(aino.request, 1_000_000);
    const asked = async (method: string, headers: Record<string, string>) =>
      outcome(await aino.request(method === 'POST' ? '/api/uploads' : path, { method, headers }));
    for (const method of ['POST', 'PATCH', 'DELETE']) {
      expect(await asked(method, {})).toBe('412 tus_version');
      expect(await asked(method, { 'tus-resumable': '0.2.2' })).toBe('412 tus_version');
    }
    expect(await asked('POST', TUS)).toBe('422 invalid_field');
    expect(await asked('PATCH', { ...TUS, 'upload-offset': '0' })).toBe('415 unsupported_type');
    expect(await asked('PATCH', { ...TUS, 'content-type': 'application/offset+octet-stream' })).toBe(
      '422 invalid_field',
    );
    expect(await outcome(await aino.request(path))).toBe('200');
  });

  it('change nothing at a wrong offset, and are told the right one', async () => {
    const bytes = await file();
    const { path } = await begin(aino.request, bytes.length);
    await sendAt(aino.request, path, 0, bytes.subarray(0, 300_000));
    for (const offset of [0, 299_999, 300_001, bytes.length, 999_999_999_999_999]) {
      const answer = await sendAt(aino.request, path, offset, bytes.subarray(0, 300_000));
      expect(answer.status).toBe(409);
      expect(errorBody.parse(await answer.json())).toMatchObject({
        code: 'wrong_offset',
        details: { offset: 300_000 },
      });
    }
    for (const offset of ['-1', 'x', '1e3', ''])
      expect(await outcome(await sendAt(aino.request, path, offset, bytes))).toBe('422 invalid_field');
    expect((await sendRest(aino.request, path, bytes, { from: 300_000 })).status).toBe(201);
  });

  it('beyond the announced size store nothing of it', async () => {
    const bytes = await file();
    const { path } = await begin(aino.request, bytes.length - 1);
    expect(await outcome(await sendAt(aino.request, path, 0, bytes))).toBe('413 body_too_large');
    const announced = await aino.request(path, {
      method: 'PATCH',
      headers: {
        ...TUS,
        'content-type': 'application/offset+octet-stream',
        'upload-offset': '0',
        'content-length': String(bytes.length),
      },
    });
    expect(await outcome(announced)).toBe('413 body_too_large');
    expect(resumableUpload.parse(await (await aino.request(path)).json()).offset).toBe(0);
    expect(await leftovers()).toEqual([]);
  });

  it('with fewer bytes than a part are refused, so that a file has few parts', async () => {
    const bytes = await file();
    const { path } = await begin(aino.request, bytes.length);
    const small = bytes.subarray(0, MIN_PART_BYTES - 1);
    expect(await outcome(await sendAt(aino.request, path, 0, small))).toBe('422 invalid_field');
    expect((await sendAt(aino.request, path, 0, Buffer.alloc(0))).status).toBe(204);
    // Behind a whole part, a small rest is dropped: the answer tells where to go on.
    const large = await noisePng(1300);
    const other = await begin(aino.request, large.length);
    const answer = await sendAt(aino.request, other.path, 0, large.subarray(0, PART_BYTES + 1000));
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([204, String(PART_BYTES)]);
    expect((await sendRest(aino.request, other.path, large, { from: PART_BYTES })).status).toBe(201);
  });

  it('with a file of another kind end with its first bytes', async () => {
    const text = Buffer.alloc(1_000_000, 'no picture ');
    const { path } = await begin(aino.request, text.length);
    expect(await outcome(await sendAt(aino.request, path, 0, text.subarray(0, 300_000)))).toBe(
      '415 unsupported_type',
    );
    expect(await outcome(await aino.request(path))).toBe('404 not_found');
    expect(await leftovers()).toEqual([]);
  });

  it('with a file that is refused at its end leave nothing', async () => {
    const whole = await file();
    const broken = Buffer.concat([whole.subarray(0, 500_000), Buffer.alloc(600_000)]);
    const { path } = await begin(aino.request, broken.length);
    expect(await outcome(await sendRest(aino.request, path, broken, { step: 400_000 }))).toBe(
      '422 broken_file',
    );
    expect(await outcome(await aino.request(path))).toBe('404 not_found');
    const here = await picture();
    await aino.upload(here, 'a.png');
    const same = Buffer.from(await here.arrayBuffer());
    const twin = await begin(aino.request, same.length);
    expect(await outcome(await sendRest(aino.request, twin.path, same))).toBe('409 already_here');
    expect(await leftovers()).toEqual([]);
  });

  it('with other bytes than those of the announced SHA-256 make no item', async () => {
    const bytes = await file();
    const { path } = await begin(aino.request, bytes.length, { sha256: sha256(Buffer.from('other')) });
    expect(await outcome(await sendRest(aino.request, path, bytes))).toBe('422 broken_file');
    expect(await itemsOf(bytes)).toEqual([]);
    expect(await leftovers()).toEqual([]);
  });

  it('of a small file work like any other', async () => {
    const bytes = Buffer.from(await blobOf(Buffer.from(await (await picture()).arrayBuffer())).arrayBuffer());
    const { path } = await begin(aino.request, bytes.length, { filename: 'ä.png' });
    const answer = await sendRest(aino.request, path, bytes);
    expect(mediaItem.parse(await answer.json()).originalName).toBe('ä.png');
  });

  it('are no requests of another site', async () => {
    const { path } = await begin(aino.request, 1000);
    const headers = { ...TUS, origin: 'https://elsewhere.test', 'upload-metadata': metadataOf({}) };
    for (const [method, address] of [
      ['POST', '/api/uploads'],
      ['PATCH', path],
      ['DELETE', path],
    ] as const)
      expect(await outcome(await aino.request(address, { method, headers }))).toBe('403 foreign_origin');
  });
});
