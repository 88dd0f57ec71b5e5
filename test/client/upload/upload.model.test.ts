import { createRoot } from 'solid-js';
import { describe, expect, it, vi } from 'vitest';
import type { FetchItem } from '../../../app/fetches/fetches.schema.ts';
import type { MediaItem } from '../../../app/media/media.schema.ts';
import { ApiError } from '../../../client/api/errors.ts';
import type { UploadMetadata } from '../../../client/upload/metadata.ts';
import { createUploads, type UploadAdapter } from '../../../client/upload/upload.model.ts';
import { idOf, item, listItem } from '../support/items.ts';

const IN_TRASH = idOf(77);

/** Makes a server whose answers the test triggers. */
function fakeServer(known: Record<string, string> = {}, alike: Record<string, string> = {}) {
  const sending: {
    file: File;
    note: UploadMetadata;
    progress: (sent: number) => void;
    answer: (item: MediaItem) => void;
    fail: (error: ApiError) => void;
  }[] = [];
  const done: MediaItem[] = [];
  const described: { id: string; note: UploadMetadata }[] = [];
  const refusals: ApiError[] = [];
  const removed: string[] = [];
  const discarded: string[] = [];
  const started: { address: string; note: UploadMetadata }[] = [];
  const followed: {
    id: string;
    show: (now: FetchItem) => void;
    end: (now: FetchItem) => void;
    fail: (error: ApiError) => void;
  }[] = [];
  const ended: string[] = [];
  const adapter: UploadAdapter = {
    findKnown: async (file) => ({ id: known[file.name] ?? null, alike: alike[file.name] ?? null }),
    inTrash: async (id) => id === IN_TRASH,
    describe: async (id, note) => {
      described.push({ id, note });
      const refusal = refusals.shift();
      if (refusal) throw refusal;
      return item(0, { id, title: note.title, tags: [...note.tags] });
    },
    restore: async (id) => item(0, { id }),
    remove: async ({ id }) => void removed.push(id),
    replace: async (each, there) => ({
      item: { ...each, title: there.title, tags: [...each.tags, ...there.tags] },
      undo: async () => void removed.push(there.id),
    }),
    discard: ({ name }) => void discarded.push(name),
    send: (file, note, progress, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new ApiError('cancelled')));
        sending.push({ file, note, progress, answer: resolve, fail: reject });
      }),
    startFetch: async (address, note) => {
      started.push({ address, note });
      return idOf(900 + started.length);
    },
    followFetch: (id, show, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new ApiError('cancelled')));
        followed.push({ id, show, end: resolve, fail: reject });
      }),
    endFetch: async (id) => void ended.push(id),
    findItem: async (id) => item(0, { id }),
    onDone: (each) => void done.push(each),
  };
  return { adapter, sending, done, described, refusals, removed, discarded, started, followed, ended };
}

const file = (name: string, size = 100) => ({
  file: new File([new Uint8Array(size)], name, { type: 'image/png' }),
});
const settle = () => vi.waitFor(() => Promise.resolve());

function setUp(known?: Record<string, string>, alike?: Record<string, string>) {
  const server = fakeServer(known, alike);
  return createRoot((dispose) => {
    const model = createUploads(server.adapter);
    return { ...server, model, dispose, states: () => model.uploads().map(({ status }) => status().is) };
  });
}

describe('createUploads', () => {
  it('sends three at a time and the next when one is through', async () => {
    const { model, sending, done, states, dispose } = setUp();
    model.add(['a', 'b', 'c', 'd'].map((name) => file(name)));
    await settle();
    expect(states()).toEqual(['sending', 'sending', 'sending', 'queued']);
    sending[1]?.answer(item(1));
    await settle();
    expect(states()).toEqual(['sending', 'done', 'sending', 'sending']);
    expect(done.map(({ id }) => id)).toEqual([idOf(1)]);
    dispose();
  });

  it('takes two hundred files and loses none', async () => {
    const { model, sending, states, dispose } = setUp();
    model.add(Array.from({ length: 200 }, (_, index) => file(`${index}`)));
    for (let sent = 0; sent < 200; sent++) {
      await vi.waitFor(() => expect(sending.length).toBeGreaterThan(sent));
      sending[sent]?.answer(item(sent));
    }
    await settle();
    expect(states().every((state) => state === 'done')).toBe(true);
    expect(new Set(sending.map(({ file: { name } }) => name)).size).toBe(200);
    dispose();
  });

  it('sends no byte of a file that is already here', async () => {
    const { model, sending, dispose } = setUp({ old: idOf(5) });
    model.add([file('old')]);
    await settle();
    expect(model.uploads()[0]?.status()).toEqual({ is: 'duplicate', id: idOf(5), inTrash: false });
    expect(sending).toEqual([]);
    dispose();
  });

  it('sends a file that looks like an item, and tells so', async () => {
    const { model, states, dispose } = setUp({}, { alike: idOf(5) });
    model.add([file('alike'), file('other')]);
    await settle();
    expect(states()).toEqual(['sending', 'sending']);
    expect(model.uploads().map(({ looksLike }) => looksLike())).toEqual([true, false]);
    dispose();
  });

  it('replaces an item that was there, and later saves what it brought, too', async () => {
    const { model, sending, described, removed, dispose } = setUp();
    const there = listItem(9, { title: 'vanha', tags: ['kissa'] });
    model.add([file('new')]);
    await settle();
    const id = model.uploads()[0]?.id ?? 0;
    expect(await model.replace(id, there)).toBeNull();
    model.setMetadata(id, { title: '', tags: ['koira'] });
    sending[0]?.answer(item(4));
    await vi.waitFor(() => expect(described).toHaveLength(1));
    const undo = await model.replace(id, there);
    expect(model.uploads()[0]?.metadata()).toEqual({ title: 'vanha', tags: ['koira', 'kissa'] });
    expect(described).toHaveLength(1);
    await undo?.();
    expect(removed).toEqual([there.id]);
    dispose();
  });

  it('takes a stored file back to the trash, and restores it from there', async () => {
    const { model, sending, removed, dispose } = setUp();
    model.add([file('new')]);
    await settle();
    const id = model.uploads()[0]?.id ?? 0;
    await model.takeBack(id);
    expect(removed).toEqual([]);
    sending[0]?.answer(item(4));
    await settle();
    await model.takeBack(id);
    expect(removed).toEqual([idOf(4)]);
    expect(model.uploads()[0]?.status()).toEqual({ is: 'duplicate', id: idOf(4), inTrash: true });
    await model.restore(id);
    expect(model.uploads()[0]?.status()).toEqual({ is: 'duplicate', id: idOf(4), inTrash: false });
    dispose();
  });

  it('tells progress in bytes, and that the server is at work when all are sent', async () => {
    const { model, sending, dispose } = setUp();
    model.add([file('a', 100)]);
    await settle();
    sending[0]?.progress(40);
    expect(model.uploads()[0]?.status()).toEqual({ is: 'sending', sent: 40 });
    sending[0]?.progress(130);
    expect(model.uploads()[0]?.status()).toEqual({ is: 'finishing' });
    dispose();
  });

  it('cancels what is on its way as well as what waits in line', async () => {
    const { model, states, dispose } = setUp();
    model.add(['a', 'b', 'c', 'd'].map((name) => file(name)));
    await settle();
    model.cancelAll();
    await settle();
    expect(states()).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled']);
    dispose();
  });

  it('has what came of a cancelled file removed, also while it waits for the connection', async () => {
    const { model, sending, states, discarded, dispose } = setUp();
    model.add([file('a'), file('b'), file('c')]);
    await settle();
    sending[0]?.fail(new ApiError('offline'));
    sending[2]?.answer(item(1));
    await settle();
    expect(states()).toEqual(['waiting', 'sending', 'done']);
    model.cancelAll();
    model.cancel(3);
    await settle();
    expect(states()).toEqual(['cancelled', 'cancelled', 'done']);
    expect(discarded).toEqual(['a', 'b']);
    dispose();
  });

  it('says why a file was refused, and tries again when asked', async () => {
    const { model, sending, states, dispose } = setUp();
    model.add([file('a')]);
    await settle();
    sending[0]?.fail(new ApiError('internal'));
    await settle();
    expect(model.uploads()[0]?.status()).toMatchObject({ is: 'failed', error: { code: 'internal' } });
    model.retry(1);
    await settle();
    expect(states()).toEqual(['sending']);
    expect(sending).toHaveLength(2);
    dispose();
  });

  it('does not try again what will never be taken', async () => {
    const { model, sending, states, dispose } = setUp();
    model.add([file('a')]);
    await settle();
    sending[0]?.fail(new ApiError('unsupported_type'));
    await settle();
    model.retry(1);
    model.retryAll();
    expect(states()).toEqual(['failed']);
    expect(sending).toHaveLength(1);
    dispose();
  });

  it('takes a 409 with the existing id as already here', async () => {
    const { model, sending, dispose } = setUp();
    model.add([file('a')]);
    await settle();
    sending[0]?.fail(new ApiError('already_here', { details: { id: idOf(3) } }));
    await settle();
    expect(model.uploads()[0]?.status()).toEqual({ is: 'duplicate', id: idOf(3), inTrash: false });
    dispose();
  });

  it.each([
    ['offline', 'connection'],
    ['unavailable', 'connection'],
    ['not_signed_in', 'session'],
  ] as const)('waits through %s and goes on by itself', async (code, why) => {
    const { model, sending, states, dispose } = setUp();
    model.add([file('a')]);
    await settle();
    sending[0]?.fail(new ApiError(code));
    await settle();
    expect(model.uploads()[0]?.status()).toEqual({ is: 'waiting', why });
    model.resume(why === 'session' ? 'connection' : 'session');
    expect(states()).toEqual(['waiting']);
    model.resume(why);
    await settle();
    sending[1]?.answer(item(1));
    await settle();
    expect(states()).toEqual(['done']);
    dispose();
  });

  it('clears what is through and keeps what is not', async () => {
    const { model, sending, dispose } = setUp();
    model.add([file('a'), file('b')]);
    await settle();
    sending[0]?.answer(item(1));
    await settle();
    model.clear();
    expect(model.uploads().map(({ name }) => name)).toEqual(['b']);
    dispose();
  });

  it('sends the title and tags that were given while the file waited in line', async () => {
    const { model, sending, described, dispose } = setUp();
    model.add(['a', 'b', 'c', 'd'].map((name) => file(name)));
    await settle();
    model.setMetadata(4, { title: 'Cat', tags: ['cat'] });
    sending[0]?.answer(item(1));
    await vi.waitFor(() => expect(sending).toHaveLength(4));
    expect(sending[3]?.note).toEqual({ title: 'Cat', tags: ['cat'] });
    sending[3]?.answer(item(4));
    await settle();
    expect(described).toEqual([]);
    dispose();
  });

  it('gives them afterwards to a file that was on its way, and to one that was in already', async () => {
    const { model, sending, described, dispose } = setUp();
    model.add([file('a')]);
    await settle();
    model.setMetadata(1, { title: 'Sent', tags: [] });
    sending[0]?.answer(item(1));
    await vi.waitFor(() => expect(described).toEqual([{ id: idOf(1), note: { title: 'Sent', tags: [] } }]));
    model.setMetadata(1, { title: 'Later', tags: ['x'] });
    await vi.waitFor(() => expect(described).toHaveLength(2));
    expect(described[1]).toEqual({ id: idOf(1), note: { title: 'Later', tags: ['x'] } });
    dispose();
  });

  it('keeps the title and the tags that an item brings back from the trash of another member', async () => {
    const { model, sending, described, dispose } = setUp();
    model.add([file('a')]);
    await settle();
    model.setMetadata(1, { title: '', tags: ['hyvä huumori', 'new'] });
    sending[0]?.answer(item(1, { title: 'Old', tags: ['hyvä-huumori', 'old'] }));
    const note = { title: 'Old', tags: ['hyvä huumori', 'new', 'old'] };
    await vi.waitFor(() => expect(described).toEqual([{ id: idOf(1), note }]));
    expect(model.uploads()[0]?.metadata()).toEqual(note);
    expect(model.uploads()[0]?.status().is).toBe('done');
    dispose();
  });

  it('tags all without taking what one of them has', async () => {
    const { model, dispose } = setUp();
    model.add([file('a'), file('b')]);
    await settle();
    model.setMetadata(1, { title: 'Own', tags: ['cat'] });
    model.setMetadataForAll({ title: '', tags: ['CAT', 'party'] });
    expect(model.uploads().map(({ metadata: note }) => note())).toEqual([
      { title: 'Own', tags: ['cat', 'party'] },
      { title: '', tags: ['CAT', 'party'] },
    ]);
    dispose();
  });

  it('says when title and tags did not go in, and tries again with the connection', async () => {
    const { model, sending, described, refusals, dispose } = setUp();
    refusals.push(new ApiError('offline'));
    model.add([file('a')]);
    await settle();
    sending[0]?.answer(item(1));
    await settle();
    model.setMetadata(1, { title: 'T', tags: [] });
    await vi.waitFor(() => expect(model.uploads()[0]?.metadataError()?.code).toBe('offline'));
    expect(model.uploads()[0]?.status().is).toBe('done');
    model.resume('connection');
    await vi.waitFor(() => expect(model.uploads()[0]?.metadataError()).toBeNull());
    expect(described).toHaveLength(2);
    dispose();
  });

  it('offers a copy of what lies in the trash to be restored', async () => {
    const { model, sending, done, dispose } = setUp({ old: IN_TRASH });
    model.add([file('old')]);
    await settle();
    expect(model.uploads()[0]?.status()).toEqual({ is: 'duplicate', id: IN_TRASH, inTrash: true });
    await model.restore(1);
    expect(model.uploads()[0]?.status()).toEqual({ is: 'duplicate', id: IN_TRASH, inTrash: false });
    expect(done.map(({ id }) => id)).toEqual([IN_TRASH]);
    expect(sending).toEqual([]);
    dispose();
  });

  it('tells where a file came from once it is in, refused for good or called off, and not before', async () => {
    const { model, sending, dispose } = setUp({ known: idOf(2) });
    const settled: string[] = [];
    const from = (name: string) => ({ ...file(name), onSettled: () => void settled.push(name) });
    model.add([from('known'), from('in'), from('bad'), from('late')]);
    await vi.waitFor(() => expect(sending).toHaveLength(3));
    expect(settled).toEqual(['known']);
    sending[0]?.answer(item(1));
    sending[1]?.fail(new ApiError('broken_file'));
    sending[2]?.fail(new ApiError('not_signed_in'));
    await vi.waitFor(() => expect(settled).toEqual(['known', 'in', 'bad']));
    model.cancelAll();
    expect(settled).toEqual(['known', 'in', 'bad', 'late']);
    dispose();
  });
});

const ADDRESS = { address: 'https://cats.example/a.png?b=1' };
const FETCH = idOf(901);
const fetched = (more: Partial<FetchItem> = {}): FetchItem => ({
  id: FETCH,
  url: ADDRESS.address,
  state: 'queued',
  receivedSize: 0,
  totalSize: null,
  itemId: null,
  failure: null,
  createdAt: '2026-11-30T12:00:00Z',
  ...more,
});

describe('an upload by address', () => {
  it('shows the progress of the server, and becomes the item', async () => {
    const { model, started, followed, done, sending, states, dispose } = setUp();
    model.add([ADDRESS]);
    await vi.waitFor(() => expect(followed).toHaveLength(1));
    const [upload] = model.uploads();
    expect([upload?.name, upload?.file, upload?.size()]).toEqual(['cats.example/a.png?b=1', null, 0]);
    expect(started).toEqual([{ address: ADDRESS.address, note: { title: '', tags: [] } }]);
    followed[0]?.show(fetched());
    expect(states()).toEqual(['queued']);
    followed[0]?.show(fetched({ state: 'fetching', receivedSize: 10 }));
    expect([upload?.status(), upload?.size()]).toEqual([{ is: 'sending', sent: 10 }, 0]);
    followed[0]?.show(fetched({ state: 'fetching', receivedSize: 20, totalSize: 50 }));
    expect([upload?.status(), upload?.size()]).toEqual([{ is: 'sending', sent: 20 }, 50]);
    followed[0]?.show(fetched({ state: 'storing', receivedSize: 50, totalSize: 50 }));
    expect(states()).toEqual(['finishing']);
    followed[0]?.end(fetched({ state: 'done', itemId: idOf(4) }));
    await vi.waitFor(() => expect(states()).toEqual(['done']));
    expect(done.map(({ id }) => id)).toEqual([idOf(4)]);
    expect(sending).toEqual([]);
    dispose();
  });

  it('is begun once, although it waits its turn on the server while others end', async () => {
    const { model, started, followed, sending, dispose } = setUp();
    model.add([ADDRESS]);
    model.add([file('a')]);
    await vi.waitFor(() => expect([followed.length, sending.length]).toEqual([1, 1]));
    followed[0]?.show(fetched());
    sending[0]?.answer(item(1));
    await settle();
    expect(started).toHaveLength(1);
    dispose();
  });

  it('says why it failed, and begins anew when asked', async () => {
    const { model, started, followed, states, dispose } = setUp();
    model.add([ADDRESS]);
    await vi.waitFor(() => expect(followed).toHaveLength(1));
    followed[0]?.end(fetched({ state: 'failed', failure: 'address_too_slow' }));
    await vi.waitFor(() => expect(states()).toEqual(['failed']));
    expect(model.uploads()[0]?.status()).toMatchObject({ error: { code: 'address_too_slow' } });
    model.retry(1);
    await vi.waitFor(() => expect(followed).toHaveLength(2));
    expect(started).toHaveLength(2);
    expect(followed[1]?.id).toBe(idOf(902));
    dispose();
  });

  it('of a file that is here shows the item', async () => {
    const { model, followed, states, dispose } = setUp();
    model.add([ADDRESS]);
    await vi.waitFor(() => expect(followed).toHaveLength(1));
    followed[0]?.end(fetched({ state: 'failed', failure: 'already_here', itemId: IN_TRASH }));
    await vi.waitFor(() => expect(states()).toEqual(['duplicate']));
    expect(model.uploads()[0]?.status()).toEqual({ is: 'duplicate', id: IN_TRASH, inTrash: true });
    dispose();
  });

  it('is followed further after a lost connection, and not begun again', async () => {
    const { model, started, followed, states, dispose } = setUp();
    model.add([ADDRESS]);
    await vi.waitFor(() => expect(followed).toHaveLength(1));
    followed[0]?.fail(new ApiError('offline'));
    await vi.waitFor(() => expect(states()).toEqual(['waiting']));
    model.resume('connection');
    await vi.waitFor(() => expect(followed).toHaveLength(2));
    expect([started.length, followed[1]?.id]).toEqual([1, FETCH]);
    dispose();
  });

  it('that a reload interrupted is followed further', async () => {
    const { model, started, followed, states, dispose } = setUp();
    model.add([{ ...ADDRESS, fetchId: idOf(7) }]);
    await vi.waitFor(() => expect(followed).toHaveLength(1));
    expect([started, followed[0]?.id]).toEqual([[], idOf(7)]);
    expect(model.uploads()[0]?.fetch()).toEqual({ id: idOf(7), address: ADDRESS.address });
    followed[0]?.end(fetched({ state: 'done', itemId: idOf(4) }));
    await vi.waitFor(() => expect(states()).toEqual(['done']));
    expect(model.uploads()[0]?.fetch()).toBeNull();
    dispose();
  });

  it.each(['on its way', 'waiting for the connection'])('that is called off %s is given up', async (when) => {
    const { model, followed, ended, states, dispose } = setUp();
    model.add([ADDRESS]);
    await vi.waitFor(() => expect(followed).toHaveLength(1));
    if (when !== 'on its way') {
      followed[0]?.fail(new ApiError('offline'));
      await vi.waitFor(() => expect(states()).toEqual(['waiting']));
    }
    model.cancel(1);
    await vi.waitFor(() => expect(states()).toEqual(['cancelled']));
    expect(ended).toEqual([FETCH]);
    dispose();
  });

  it('gets a title and tags while it is fetched', async () => {
    const { model, followed, described, states, dispose } = setUp();
    model.add([ADDRESS]);
    await vi.waitFor(() => expect(followed).toHaveLength(1));
    model.setMetadata(1, { title: 'Monday', tags: ['koira'] });
    followed[0]?.end(fetched({ state: 'done', itemId: idOf(4) }));
    await vi.waitFor(() => expect(states()).toEqual(['done']));
    await vi.waitFor(() =>
      expect(described).toEqual([{ id: idOf(4), note: { title: 'Monday', tags: ['koira'] } }]),
    );
    dispose();
  });
});
