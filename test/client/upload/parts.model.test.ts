import { describe, expect, it } from 'vitest';
import type { MediaItem } from '../../../app/media/media.schema.ts';
import { PART_BYTES } from '../../../app/resumable/resumable.limits.ts';
import { ApiError } from '../../../client/api/errors.ts';
import { createPartSender, type FileInParts, type PartServer } from '../../../client/upload/parts.model.ts';
import { item } from '../support/items.ts';

const SIZE = 2 * PART_BYTES + 10;
const FILE = new File([new Uint8Array(SIZE)], 'large.mp4');
const sent: FileInParts = { file: FILE, sha256: 'a'.repeat(64), metadata: { title: '', tags: [] } };
const never = new AbortController().signal;

/** Makes a server that keeps what it gets. Each fault fails a request of bytes; `null` does not. */
function fakeServer(faults: (ApiError | null)[] = []) {
  const state = { received: 0, opened: 0, removed: [] as string[], parts: [] as [number, number][] };
  const server: PartServer = {
    async open() {
      state.opened += 1;
      return { id: `upload-${state.opened}`, offset: state.received };
    },
    async send({ at, bytes }, onProgress): Promise<MediaItem | null> {
      const fault = faults.shift();
      if (fault) throw fault;
      state.parts.push([at, bytes.byteLength]);
      onProgress(bytes.byteLength);
      state.received = at + bytes.byteLength;
      return state.received === SIZE ? item(1) : null;
    },
    async remove(id) {
      state.removed.push(id);
    },
  };
  return { state, ...createPartSender(server) };
}

describe('createPartSender', () => {
  it('sends the parts in their order, and tells the progress of the whole file', async () => {
    const { send, state } = fakeServer();
    const progress: number[] = [];
    expect(await send(sent, (bytes) => progress.push(bytes), never)).toEqual(item(1));
    expect(state.parts).toEqual([
      [0, PART_BYTES],
      [PART_BYTES, PART_BYTES],
      [2 * PART_BYTES, 10],
    ]);
    expect(progress).toEqual([0, PART_BYTES, PART_BYTES, 2 * PART_BYTES, 2 * PART_BYTES, SIZE]);
  });

  it('reports a lost connection at once, and goes on from there when it is called again', async () => {
    const { send, state } = fakeServer([null, new ApiError('offline')]);
    await expect(send(sent, () => {}, never)).rejects.toMatchObject({ code: 'offline' });
    expect(state.opened).toBe(1);
    await send(sent, () => {}, never);
    expect(state.parts.map(([at]) => at)).toEqual([0, PART_BYTES, 2 * PART_BYTES]);
  });

  it('asks for the file of which the answer was lost', async () => {
    const { send, state } = fakeServer();
    state.received = SIZE;
    await send(sent, () => {}, never);
    expect(state.parts).toEqual([[SIZE, 0]]);
  });

  it.each(['wrong_offset', 'not_found', 'request_timeout'] as const)(
    'asks how much has come after %s, and gives up where that does not help',
    async (code) => {
      const once = fakeServer([null, new ApiError(code)]);
      await once.send(sent, () => {}, never);
      expect(once.state.opened).toBe(2);
      const always = fakeServer(Array.from({ length: 50 }, () => new ApiError(code)));
      await expect(always.send(sent, () => {}, never)).rejects.toMatchObject({ code });
      expect(always.state.opened).toBe(6);
    },
  );

  it('says that a file can no longer be read', async () => {
    const gone = Object.assign(new File(['x'], 'gone.mp4'), {
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }),
    });
    const { send, state } = fakeServer();
    await expect(send({ ...sent, file: gone }, () => {}, never)).rejects.toMatchObject({
      code: 'unreadable_file',
    });
    expect(state.parts).toEqual([]);
  });

  it('stops when it is cancelled, and removes what has come once', async () => {
    const { send, discard, state } = fakeServer();
    const abort = new AbortController();
    const stopped = send(sent, (bytes) => bytes >= PART_BYTES && abort.abort(), abort.signal);
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    expect(state.parts).toHaveLength(1);
    await discard(FILE);
    await discard(FILE);
    expect(state.removed).toEqual(['upload-1']);
  });
});
