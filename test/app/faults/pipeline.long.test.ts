import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLogger } from '../../../app/logger.ts';
import { sweepOrphans, verifyStorage } from '../../../app/media/housekeeping.service.ts';
import { mediaItem, type MediaItem } from '../../../app/media/media.schema.ts';
import { errorBody } from '../../../app/http/errors.schema.ts';
import { processesWith, untilGone } from '../../support/faults/processes.ts';
import { createRig, until, type Rig } from '../../support/faults/rig.ts';
import { send } from '../../support/faults/sending.ts';
import { missingS3Server, startS3Server, type S3Server } from '../../support/servers/s3-server.ts';
import { STAGES, type Case, type Stage } from './stages.ts';

/**
 * Injects every fault at every stage of an item, in the real process. Afterwards every item
 * answered with 201 is complete. Nothing else is left: no row, no object, no temporary file, no
 * process.
 */

/** A lane mostly waits for limits and pauses. More servers than this take too long to start. */
vi.setConfig({ maxConcurrency: 4 });

/** Negative, so that it includes objects of the future: the storage may have another clock. */
const ANY_AGE_MS = -10_000;
const logger = createLogger('silent', false);
const injected: string[] = [];

/** The uploads of one lane, by their answer. */
interface Ledger {
  kept: { id: string; bytes: Buffer }[];
  /** Number of rows without an answer. */
  unheard: number;
  refused: Buffer[];
}

async function inject(rig: Rig, stage: Stage, { fault, expected }: Case, ledger: Ledger): Promise<void> {
  const label = `${fault.name} at ${stage.name}`;
  // A job left by an earlier fault would reach the stage first, so wait for it.
  if (stage.answered) await untilDone(rig);
  const standing = await stage.reach(rig, fault);
  const failedBefore = rig.failedJobs();
  const children = processesWith('', rig.server().pid);
  if (stage.answered) ledger.kept.push(await kept(standing.sending, label));
  await fault.strike(rig);
  await standing.release();
  if (stage.answered) {
    const { id } = ledger.kept.at(-1) ?? {};
    if (expected === 'a try fails') await until(`${label} is felt`, () => rig.failedJobs() > failedBefore);
    if (expected === 'nothing') await until(`${label} changes nothing`, () => isDone(rig, id));
  } else {
    const answer = await standing.sending.answer;
    const { bytes } = standing.sending;
    if (expected === 'cut' || expected === 'unheard') expect(answer, label).toBeNull();
    else expect(answer?.status, `${label}: ${JSON.stringify(answer?.body)}`).toBe(expected);
    if (expected === 503) expect(errorBody.parse(answer?.body).code, label).toBe('unavailable');
    if (expected === 201) ledger.kept.push({ id: mediaItem.parse(answer?.body).id, bytes });
    else if (expected === 'unheard') ledger.unheard += 1;
    else ledger.refused.push(bytes);
  }
  if (expected === 'cut' || expected === 'unheard' || expected === 'its process dies')
    for (const pid of children) await untilGone(pid); // no child outlives the server
  await fault.heal(rig);
  for (const early of standing.missed ?? []) ledger.kept.push(await kept(early, 'too quick'));
  injected.push(`${rig.backend}: ${label}`);
}

async function kept(sending: ReturnType<typeof send>, label: string) {
  const answer = await sending.answer;
  expect(answer?.status, `${label}: ${JSON.stringify(answer?.body)}`).toBe(201);
  return { id: mediaItem.parse(answer?.body).id, bytes: sending.bytes };
}

async function isDone({ db }: Rig, id: string | undefined): Promise<boolean> {
  const row = await db
    .selectFrom('media')
    .select('state')
    .where('id', '=', id ?? '')
    .executeTakeFirst();
  return row?.state === 'ready';
}

const untilDone = ({ db }: Rig) =>
  until('every stage done', async () => {
    const open = await db.selectFrom('media_stages').select('stage').where('state', '=', 'pending').execute();
    return open.length === 0;
  });

/**
 * Checks every row: its upload was answered, or the answer was lost. Each item is complete and
 * equals the uploaded bytes.
 */
async function expectComplete(rig: Rig, ledger: Ledger): Promise<void> {
  const { url, cookie } = rig.person();
  await untilDone(rig);
  const rows = await rig.db.selectFrom('media').select(['id', 'state', 'failure']).execute();
  expect(rows.filter(({ state }) => state !== 'ready')).toEqual([]);
  const ids = new Set(rows.map(({ id }) => id));
  for (const { id } of ledger.kept) expect(ids).toContain(id);
  expect(rows.length).toBe(ledger.kept.length + ledger.unheard);
  for (const { id, bytes } of ledger.kept) {
    const answer = await fetch(`${url}/api/media/${id}`, { headers: { cookie } });
    const item = mediaItem.parse(await answer.json());
    expect(item.stages).toEqual([]);
    await expectShown(url, item, bytes);
  }
}

async function expectShown(url: string, item: MediaItem, sent: Buffer): Promise<void> {
  const get = async (address: string | null) => {
    const response = await fetch(new URL(address ?? '', url));
    expect(response.status, address ?? 'none').toBe(200);
    return Buffer.from(await response.arrayBuffer());
  };
  const original = await get(item.url);
  expect(original.length).toBe(item.byteSize);
  // A stored video lacks the metadata about its maker.
  if (item.kind !== 'video') expect(original.equals(sent)).toBe(true);
  for (const address of [item.thumbUrl, ...(item.kind === 'video' ? [item.posterUrl] : [])])
    await sharp(await get(address)).stats();
}

/** A refused or cut upload can be repeated; the item then exists. */
async function sendAgain(rig: Rig, ledger: Ledger): Promise<void> {
  for (const bytes of ledger.refused.splice(0)) {
    const sending = send(rig.person(), bytes);
    ledger.kept.push(await kept(sending, 'sent again'));
  }
}

/** Files in which the local storage notes its library, and the item of each object. */
const STORAGE_RECORDS: ReadonlySet<string> = new Set(['.library', '.owners.ndjson']);

/** Checks that rows and objects agree both ways, and that no file or process is left. */
async function expectNothingElse(rig: Rig): Promise<void> {
  await sweepOrphans(rig, logger, ANY_AGE_MS);
  await rig.storage.sweep(ANY_AGE_MS);
  expect(await verifyStorage(rig)).toMatchObject({ missing: [], wrongSize: [], orphans: [] });
  await rig.server().stop();
  expect(await readdir(join(rig.dataDir, 'tmp'))).toEqual([]);
  if (rig.backend === 'local') {
    const files = await readdir(join(rig.dataDir, 'media'), { recursive: true, withFileTypes: true });
    const names = files.filter((entry) => entry.isFile()).map(({ name }) => name);
    const { objects } = await verifyStorage(rig);
    expect(names.filter((name) => !STORAGE_RECORDS.has(name))).toHaveLength(objects);
  }
  expect(processesWith(rig.folder)).toEqual([]);
}

const notLinux = process.platform === 'linux' ? undefined : 'needs Linux';
const because = (missing: string | undefined) => (missing === undefined ? '' : `: ${missing}`);
const SIDE_BY_SIDE = { concurrent: true };
const LANES = STAGES.map((stage) => [stage.name, stage] as const);

/**
 * Checks the state after a fault: every item answered with 201 is complete, and nothing else is
 * left.
 */
async function expectWholeAfterFaults(s3: S3Server | null, stage: Stage): Promise<void> {
  await using rig = await createRig(s3, stage.env);
  const ledger: Ledger = { kept: [], unheard: 0, refused: [] };
  for (const each of stage.cases(rig.backend)) {
    await inject(rig, stage, each, ledger).catch((cause: unknown) => {
      throw new Error(`${each.fault.name} at ${stage.name}\n${rig.server().output().slice(-3000)}`, {
        cause,
      });
    });
  }
  await expectComplete(rig, ledger);
  await sendAgain(rig, ledger);
  await expectComplete(rig, ledger);
  await expectNothingElse(rig);
}

afterAll(() => {
  if (injected.length > 0) process.stdout.write(`${injected.length} faults injected into the real process\n`);
});

describe.skipIf(notLinux !== undefined)(`faults with local storage${because(notLinux)}`, SIDE_BY_SIDE, () => {
  it.each(LANES)('at %s lose nothing and leave nothing behind', (_name, stage) =>
    expectWholeAfterFaults(null, stage),
  );
});

const without = notLinux ?? missingS3Server();
describe.skipIf(without !== undefined)(`faults with a bucket${because(without)}`, SIDE_BY_SIDE, () => {
  let s3: S3Server | null = null;
  beforeAll(async () => {
    s3 = await startS3Server();
  });
  afterAll(() => s3?.stop());

  it.each(LANES)('at %s lose nothing and leave nothing behind', (_name, stage) =>
    expectWholeAfterFaults(s3, stage),
  );
});
