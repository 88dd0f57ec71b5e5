import { createRoot } from 'solid-js';
import { describe, expect, it, vi } from 'vitest';
import type { MediaItem } from '../../../app/media/media.schema.ts';
import { ApiError } from '../../../client/api/errors.ts';
import { createUploads, summarize, type UploadAdapter } from '../../../client/upload/upload.model.ts';
import { idOf, item } from '../support/items.ts';

/** A server that answers when told to. */
function fakeServer(known: Record<string, string> = {}) {
  const sending: {
    file: File;
    progress: (sent: number) => void;
    answer: (item: MediaItem) => void;
    fail: (error: ApiError) => void;
  }[] = [];
  const done: MediaItem[] = [];
  const adapter: UploadAdapter = {
    findKnown: async (file) => known[file.name] ?? null,
    send: (file, progress, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new ApiError('cancelled')));
        sending.push({ file, progress, answer: resolve, fail: reject });
      }),
    onDone: (each) => void done.push(each),
  };
  return { adapter, sending, done };
}

const file = (name: string, size = 100) => new File([new Uint8Array(size)], name, { type: 'image/png' });
const settle = () => vi.waitFor(() => Promise.resolve());

function setUp(known?: Record<string, string>) {
  const server = fakeServer(known);
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
    expect(model.uploads()[0]?.status()).toEqual({ is: 'duplicate', id: idOf(5) });
    expect(sending).toEqual([]);
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
    expect(model.uploads()[0]?.status()).toEqual({ is: 'duplicate', id: idOf(3) });
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
    expect(model.uploads().map(({ file: { name } }) => name)).toEqual(['b']);
    dispose();
  });
});

describe('summarize', () => {
  it('counts bytes of what goes in, and files by where they stand', () => {
    const summary = summarize([
      { id: 1, file: file('a', 100), status: () => ({ is: 'done', item: item(1) }) },
      { id: 2, file: file('b', 100), status: () => ({ is: 'sending', sent: 50 }) },
      { id: 3, file: file('c', 9999), status: () => ({ is: 'failed', error: new ApiError('broken_file') }) },
      { id: 4, file: file('d', 9999), status: () => ({ is: 'cancelled' }) },
    ]);
    expect(summary).toEqual({ active: 1, waiting: 0, done: 1, failed: 1, retryable: 0, progress: 0.75 });
  });

  it('is at zero for empty files', () => {
    expect(summarize([{ id: 1, file: file('a', 0), status: () => ({ is: 'queued' }) }]).progress).toBe(0);
  });
});
