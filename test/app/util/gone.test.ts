import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createArchiveWriter } from '../../../app/archive/archive-writer.ts';
import { zipOf } from '../../../app/media/zip.ts';
import type { Storage } from '../../../app/storage/storage.ts';
import { createSemaphore } from '../../../app/util/semaphore.ts';
import { streamToFile } from '../../../app/util/stream-to-file.ts';
import { webStream } from '../../../app/util/web-stream.ts';
import { picture } from '../../support/media/pictures.ts';

/** Sends these bytes and then stays silent, without an end. */
function silentAfter(bytes: Uint8Array = new Uint8Array(100)): Readable {
  const stream = new Readable({ read() {} });
  stream.push(bytes);
  return stream;
}

const storageOf = (read: Storage['read']): Pick<Storage, 'read'> => ({ read });
const ENTRIES = [{ name: 'a.png', key: 'k', size: 1000, at: new Date(0) }];

describe('a stream whose reader goes', () => {
  it('of a zip opens nothing when it was never read', async () => {
    let opened = 0;
    const open = async () => {
      opened += 1;
      return silentAfter();
    };
    const stream = zipOf(storageOf(open), ENTRIES).body;
    await new Promise((done) => void setImmediate(done));
    await stream.cancel();
    expect(opened).toBe(0);
  });

  it('closes an object that was never read, and tells its error at the first read', async () => {
    const [unread, broken] = [silentAfter(), silentAfter()];
    await webStream(unread).cancel();
    await expect.poll(() => unread.destroyed).toBe(true);
    const stream = webStream(broken);
    broken.destroy(new Error('The storage broke off.'));
    await new Promise((done) => void setImmediate(done));
    await expect(stream.getReader().read()).rejects.toThrow('The storage broke off.');
  });

  it('closes an object of a zip that is still being opened', async () => {
    const source = silentAfter();
    const asked = Promise.withResolvers<void>();
    const opening = Promise.withResolvers<Readable>();
    const open = () => {
      asked.resolve();
      return opening.promise;
    };
    const stream = zipOf(storageOf(open), ENTRIES).body;
    const reader = stream.getReader();
    // The zip sends a header before its first object.
    const reading = (async () => {
      while (!(await reader.read()).done);
    })();
    await asked.promise;
    await reader.cancel();
    opening.resolve(source);
    await reading;
    await expect.poll(() => source.destroyed).toBe(true);
  });

  it.each([
    ['an object', (source: Readable) => webStream(source)],
    [
      'a zip',
      (source: Readable) =>
        zipOf(
          storageOf(async () => source),
          ENTRIES,
        ).body,
    ],
  ])('closes %s while its next bytes are awaited', async (_, make) => {
    const source = silentAfter();
    const reader = make(source).getReader();
    let bytes = 0;
    const reading = (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        bytes += value.length;
      }
    })();
    await expect.poll(() => bytes).toBeGreaterThanOrEqual(100);
    await reader.cancel();
    await reading;
    await expect.poll(() => source.destroyed).toBe(true);
  });
});

describe('what waits for a stream', () => {
  it('is told that the picture for the clipboard broke off, and does not wait for ever', async () => {
    const bytes = new Uint8Array(await (await picture('png')).arrayBuffer());
    const source = silentAfter(bytes.subarray(0, 300));
    const folder = await mkdtemp(join(tmpdir(), 'meemikansio-gone-'));
    try {
      const saved = streamToFile(source, join(folder, 'source'));
      setImmediate(() => source.destroy(new Error('The storage broke off.')));
      await expect(saved).rejects.toThrow('The storage broke off.');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('closes the source of an archive whose output breaks, also while the source is silent', async () => {
    const source = silentAfter();
    const out = new Writable({ write: (_chunk, _encoding, done) => done() });
    const writing = createArchiveWriter(out, new Date(0)).file('media/a.png', 1000, source);
    setImmediate(() => out.destroy(new Error('The pipe broke.')));
    await expect(writing).rejects.toThrow('The pipe broke.');
    expect(source.destroyed).toBe(true);
  });

  it('gives up its turn, and lets the next one have it', async () => {
    const semaphore = createSemaphore(2);
    const held = Promise.withResolvers<void>();
    const first = semaphore.run(1, () => held.promise);
    const gone = new AbortController();
    const second = semaphore.run(2, async () => 'never', gone.signal);
    const third = semaphore.run(1, async () => 'third');
    gone.abort('gone');
    await expect(second).rejects.toThrow('Nobody waits');
    expect(await third).toBe('third');
    held.resolve();
    await first;
    expect(semaphore.free()).toBe(2);
    await expect(semaphore.run(1, async () => 'never', gone.signal)).rejects.toThrow('Nobody waits');
    const reason = new Error('The job was cancelled.');
    await expect(semaphore.run(1, async () => 'never', AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
