import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connect } from '../../../app/db/client.ts';
import { createLogger } from '../../../app/logger.ts';
import { verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { createLocalStorage } from '../../../app/storage/local.ts';
import { createTestDatabase } from '../../support/databases/database.ts';
import { logLines, stageJobs } from '../../support/faults/job-log.ts';
import { until } from '../../support/faults/rig.ts';
import { send } from '../../support/faults/sending.ts';
import { clip, small, words } from '../../support/faults/specimens.ts';
import { register } from '../../support/servers/http.ts';
import { startServer } from '../../support/servers/server.ts';

/** Reads the jobs of stages that a process logged under `msg`. */
const jobsIn = (output: string, msg: string): string[] => stageJobs(logLines(output, msg));

/** Number of uploads of three files: a clip, a picture without words and one with words. */
const ROUNDS = 4;

it('two processes on one database and storage share the work, and each piece is done once', async () => {
  await using database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'meemikansio-two-'));
  const env = { DATABASE_URL: database.url };
  const db = connect(database.url, createLogger('silent', false), 2);
  try {
    await using first = await startServer({ dataDir, env });
    await using second = await startServer({ dataDir, env });
    const { cookie } = await register(first.url);
    const files = [];
    for (let i = 0; i < ROUNDS; i++) files.push(clip(), await small(), await words());
    const sent = files.map((bytes, i) => send({ url: i % 2 ? first.url : second.url, cookie }, bytes));
    // The same files go to the other process at the same time. One of each pair is stored.
    const twins = files
      .slice(0, 6)
      .map((bytes, i) => send({ url: i % 2 ? second.url : first.url, cookie }, bytes));
    const answers = await Promise.all([...sent, ...twins].map(({ answer }) => answer));
    const kept = answers
      .filter((answer) => answer?.status === 201)
      .map((answer) => mediaItem.parse(answer?.body).id);
    expect(answers.map((answer) => answer?.status).toSorted()).toEqual([
      ...files.map(() => 201),
      ...twins.map(() => 409),
    ]);

    await until('everything done', async () => {
      const open = await db.selectFrom('media').select('id').where('state', '=', 'processing').execute();
      return open.length === 0;
    });
    const rows = await db.selectFrom('media').select(['id', 'state']).execute();
    expect(rows.map(({ id }) => id).toSorted()).toEqual(kept.toSorted());
    expect(rows.filter(({ state }) => state !== 'ready')).toEqual([]);

    const jobsDone = () => [first, second].map((each) => jobsIn(each.output(), 'job done'));
    // Each clip gives a poster and a text, each picture a text. Every job ran once, and none
    // failed. A job is logged after its row has changed.
    await expect.poll(() => jobsDone().flat()).toHaveLength(ROUNDS * 4);
    const [byFirst, bySecond] = jobsDone();
    const done = [...(byFirst ?? []), ...(bySecond ?? [])];
    expect(new Set(done).size).toBe(done.length);
    expect([first, second].flatMap((each) => jobsIn(each.output(), 'job failed'))).toEqual([]);
    expect(byFirst?.length).toBeGreaterThan(0);
    expect(bySecond?.length).toBeGreaterThan(0);

    // A stage that ran twice would have left the objects of one run behind.
    const storage = createLocalStorage({ directory: join(dataDir, 'media') });
    expect(await verifyStorage({ db, storage })).toMatchObject({ missing: [], wrongSize: [], orphans: [] });
  } finally {
    await db.destroy();
    await rm(dataDir, { recursive: true, force: true });
  }
});
