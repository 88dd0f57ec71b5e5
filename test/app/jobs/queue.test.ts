import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connect, type Database } from '../../../app/db/client.ts';
import {
  createJobQueue,
  defineJob,
  handleJob,
  type JobContext,
  type JobQueue,
} from '../../../app/jobs/queue.ts';
import { createLogger } from '../../../app/logger.ts';
import { createTestDatabase } from '../../support/databases/database.ts';

const logger = createLogger('silent', false);
const greet = defineJob({
  name: 'test.greet',
  payload: z.object({ name: z.string() }),
  retryLimit: 2,
  retryDelay: 1,
  expireInSeconds: 10,
  concurrency: 1,
});

interface Rig extends AsyncDisposable {
  db: Database;
  queue: JobQueue;
}
async function rig(): Promise<Rig> {
  const database = await createTestDatabase();
  const db = connect(database.url, logger);
  const queue = createJobQueue(database.url, [greet], logger);
  await queue.start();
  return {
    db,
    queue,
    async [Symbol.asyncDispose]() {
      await queue.stop(1000);
      await db.destroy();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** Records calls and waits for the nth. */
function recorder(behave: (context: JobContext, call: number) => Promise<void> = async () => {}) {
  const seen: { name: string; lastTry: boolean }[] = [];
  const handler = handleJob(greet, async ({ name }, context) => {
    seen.push({ name, lastTry: context.lastTry });
    await behave(context, seen.length);
  });
  return { seen, handler };
}

describe('the job queue', () => {
  it('does a job within moments of the commit', async () => {
    await using r = await rig();
    const { seen, handler } = recorder();
    await r.queue.work([handler]);
    await r.db.transaction().execute((trx) => r.queue.enqueue(trx, greet, { name: 'Aino' }));
    await expect.poll(() => seen).toEqual([{ name: 'Aino', lastTry: false }]);
  });

  it('forgets a job whose transaction is rolled back', async () => {
    await using r = await rig();
    const { seen, handler } = recorder();
    await r.queue.work([handler]);
    const undone = r.db.transaction().execute(async (trx) => {
      await r.queue.enqueue(trx, greet, { name: 'nobody' });
      throw new Error('rolled back');
    });
    await expect(undone).rejects.toThrow('rolled back');
    await r.db.transaction().execute((trx) => r.queue.enqueue(trx, greet, { name: 'Aino' }));
    await expect.poll(() => seen.map(({ name }) => name)).toEqual(['Aino']);
  });

  it('works off what has piled up without waiting between jobs', async () => {
    await using r = await rig();
    const names = Array.from({ length: 12 }, (_, i) => `friend ${i}`);
    await r.db.transaction().execute(async (trx) => {
      for (const name of names) await r.queue.enqueue(trx, greet, { name });
    });
    const { seen, handler } = recorder();
    await r.queue.work([handler]);
    // A poll between each two jobs would take 24 s.
    await expect.poll(() => seen.map(({ name }) => name)).toEqual(names);
  });

  it('tries again after a failure and says which try is the last', async () => {
    await using r = await rig();
    const { seen, handler } = recorder(async () => {
      throw new Error('not this time');
    });
    await r.queue.work([handler]);
    await r.db.transaction().execute((trx) => r.queue.enqueue(trx, greet, { name: 'Aino' }));
    await expect.poll(() => seen.map(({ lastTry }) => lastTry)).toEqual([false, false, true]);
  });

  it('keeps jobs for a process that can do them', async () => {
    await using r = await rig();
    await r.db.transaction().execute((trx) => r.queue.enqueue(trx, greet, { name: 'Aino' }));
    await r.queue.work([{ definition: greet, handle: null }]);
    const { seen, handler } = recorder();
    await r.queue.work([handler]);
    await expect.poll(() => seen).toHaveLength(1);
  });

  it('tells a job at work that the process stops, and hands it back', async () => {
    await using r = await rig();
    let aborted = false;
    const { seen, handler } = recorder(async ({ signal }) => {
      await new Promise((_done, fail) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          fail(signal.reason);
        });
      });
    });
    await r.queue.work([handler]);
    await r.db.transaction().execute((trx) => r.queue.enqueue(trx, greet, { name: 'Aino' }));
    await expect.poll(() => seen).toHaveLength(1);
    await r.queue.stop(5000);
    expect(aborted).toBe(true);
  });

  it('does not start with a job that nobody does, or two do', async () => {
    await using r = await rig();
    const { handler } = recorder();
    await expect(r.queue.work([])).rejects.toThrow(/test\.greet has 0 handlers/);
    await expect(r.queue.work([handler, handler])).rejects.toThrow(/test\.greet has 2 handlers/);
  });

  it('enqueues nothing that does not fit', async () => {
    await using r = await rig();
    const wrong: { name: string } = JSON.parse('{"name":5}');
    await expect(r.db.transaction().execute((trx) => r.queue.enqueue(trx, greet, wrong))).rejects.toThrow();
  });
});
