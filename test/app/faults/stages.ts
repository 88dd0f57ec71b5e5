import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { mediaItem } from '../../../app/media/media.schema.ts';
import { FAULTS, type Fault } from '../../support/faults/faults.ts';
import type { FfmpegTask } from '../../support/faults/ffmpeg-wrapper.ts';
import { diskFullAnswer } from '../../support/faults/gate-proxy.ts';
import { processesWith } from '../../support/faults/processes.ts';
import { stopWhileWriting } from '../../support/faults/stop-while-writing.ts';
import { until, type Rig } from '../../support/faults/rig.ts';
import { send, type Sending } from '../../support/faults/sending.ts';
import { clip, large, small, webm, words } from '../../support/faults/specimens.ts';

/**
 * The answer to an upload that meets a fault: stored, refused with "try again", or the connection
 * is cut. `unheard` means stored but not answered. Nothing can prevent that when the process dies
 * at that moment.
 */
export type Answer = 201 | 503 | 'cut' | 'unheard';
/** The effect of a fault on a job: one try fails, nothing happens, or its process dies. */
export type Effect = 'a try fails' | 'nothing' | 'its process dies';

export interface Case {
  fault: Fault;
  expected: Answer | Effect;
}

/** An upload or a job that is held at its stage. */
export interface Standing {
  sending: Sending;
  /** Uploads that passed the stage before they could be held. */
  missed?: readonly Sending[];
  /** Continues, into the fault. */
  release(): Promise<void> | void;
}

export interface Stage {
  name: string;
  /** Whether the upload has been answered before this stage. */
  answered: boolean;
  env: Record<string, string>;
  cases(backend: Rig['backend']): Case[];
  /** Brings an upload or a job to this stage and holds it there. */
  reach(rig: Rig, fault: Fault): Promise<Standing>;
}

const OFF = { OCR: 'off' };
const { kill, storage, database, disk, missing, hangs, crashes } = FAULTS;
const isFfmpeg = (fault: Fault) => fault === missing || fault === hangs || fault === crashes;
const cases = (expected: Answer | Effect, ...faults: Fault[]): Case[] =>
  faults.map((fault) => ({ fault, expected }));

const spooling: Stage = {
  name: 'spooling',
  answered: false,
  env: OFF,
  cases: () => [...cases(503, hangs, missing, crashes, storage, database, disk), ...cases('cut', kill)],
  async reach(rig, fault) {
    const sending = send(rig.person(), isFfmpeg(fault) ? clip() : await large(), { half: true });
    await until('half of the upload on the disk', () => spooled(rig));
    return { sending, release: sending.finish };
  },
};

async function spooled({ dataDir }: Rig): Promise<boolean> {
  const base = join(dataDir, 'tmp');
  for (const name of await readdir(base, { recursive: true })) {
    const info = await stat(join(base, name)).catch(() => null);
    if (info?.isFile() && info.size > 0) return true;
  }
  return false;
}

const probing: Stage = {
  name: 'probing',
  answered: false,
  env: OFF,
  cases: () => [...cases(503, hangs, missing, crashes, storage, database, disk), ...cases('cut', kill)],
  async reach(rig, fault) {
    const held = await rig.ffmpeg.hold('probe');
    const sending = send(rig.person(), fault === disk ? webm() : clip());
    await held.reached();
    return { sending, release: held.release };
  },
};

const storing: Stage = {
  name: 'storing',
  answered: false,
  env: OFF,
  cases: (backend) => [
    ...cases(201, hangs, missing, crashes),
    ...cases(503, storage, database),
    // A bucket is not on this disk.
    ...cases(backend === 'local' ? 503 : 201, disk),
    ...cases('cut', kill),
  ],
  reach: (rig, fault) => (rig.bucket ? reachPut(rig, rig.bucket) : reachDraft(rig, fault)),
};

async function reachPut(rig: Rig, bucket: NonNullable<Rig['bucket']>): Promise<Standing> {
  const holding = bucket.hold(/^PUT \S+\.png/);
  const sending = send(rig.person(), await large());
  const held = await holding;
  return { sending, release: held.forward };
}

const ATTEMPTS = 12;

/**
 * Stops the whole process while it writes the draft of the object. An upload that finishes before
 * the stop counts as stored.
 */
async function reachDraft(rig: Rig, fault: Fault): Promise<Standing> {
  const { pid } = rig.server();
  const drafts = join(rig.dataDir, 'media/.drafts');
  await mkdir(drafts, { recursive: true });
  const resume = () => void process.kill(pid, 'SIGCONT');
  const missed: Sending[] = [];
  while (missed.length < ATTEMPTS) {
    const bytes = await large();
    const stopping = stopWhileWriting(drafts, pid, bytes.length);
    const sending = send(rig.person(), bytes);
    if ((await stopping) === 'stopped')
      return { sending, missed, release: () => (fault === kill ? undefined : resume()) };
    resume();
    await sending.answer;
    missed.push(sending);
  }
  throw new Error(`${ATTEMPTS} uploads were stored before the process could be stopped`);
}

const INSERT = /insert into "media" /;

const committing: Stage = {
  name: 'committing',
  answered: false,
  env: OFF,
  cases: () => [
    ...cases(201, hangs, missing, crashes, storage, answerLost),
    ...cases(503, database, disk),
    ...cases('unheard', killAfterCommit),
    ...cases('cut', kill),
  ],
  async reach(rig, fault) {
    const late = fault === answerLost || fault === killAfterCommit;
    const holding = late ? rig.database.hold(/commit\0/, INSERT) : rig.database.hold(INSERT);
    const sending = send(rig.person(), await small());
    const held = await holding;
    if (fault === answerLost) return { sending, release: held.loseAnswer };
    // The full disk is the database's.
    if (fault === disk) return { sending, release: () => held.answer(diskFullAnswer()) };
    if (fault === killAfterCommit) {
      const before = await countItems(rig);
      held.forward();
      // PostgreSQL has sent the answer. Stop the process before it reads the answer.
      process.kill(rig.server().pid, 'SIGSTOP');
      await until('the commit', async () => (await countItems(rig)) > before);
      return { sending, release: () => {} };
    }
    return { sending, release: held.forward };
  },
};

/**
 * The connection breaks at the only moment that leaves the outcome unknown. The stage breaks it
 * itself.
 */
const answerLost: Fault = {
  name: 'database connection drops before the answer to the commit',
  strike: async () => {},
  heal: async () => {},
};
const killAfterCommit: Fault = { ...kill, name: 'kill -9 after the commit, before the answer' };

async function countItems({ db }: Rig): Promise<number> {
  const { count } = await db
    .selectFrom('media')
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

const jobOfFfmpeg = (name: string, task: FfmpegTask, env: Record<string, string>, list: Case[]): Stage => ({
  name,
  answered: true,
  env,
  cases: () => list,
  async reach(rig) {
    const held = await rig.ffmpeg.hold(task);
    const sending = send(rig.person(), clip());
    await held.reached();
    // The test does not cover the item's other jobs, so let them finish.
    if (task === 'text') await until('its poster', () => hasPoster(rig, sending));
    return { sending, release: held.release };
  },
});

async function hasPoster({ db }: Rig, sending: Sending): Promise<boolean> {
  const { id } = mediaItem.parse((await sending.answer)?.body);
  const row = await db.selectFrom('media').select('poster_key').where('id', '=', id).executeTakeFirst();
  return !!row?.poster_key;
}

const poster = jobOfFfmpeg('poster', 'poster', OFF, [
  ...cases('a try fails', hangs, missing, crashes, storage, database, disk),
  ...cases('its process dies', kill),
]);

const frames = jobOfFfmpeg('text of a video', 'text', { OCR: 'on' }, [
  ...cases('a try fails', hangs, missing, crashes, database, disk),
  // The file is here already, and the result is text.
  ...cases('nothing', storage),
  ...cases('its process dies', kill),
]);

const engineOf = (rig: Rig) => processesWith('engine.process', rig.server().pid)[0];

const engineHangs: Fault = {
  name: 'the text engine hangs',
  // It is stopped already; the release does not wake it.
  strike: async () => {},
  heal: async () => {},
};
const engineCrashes: Fault = {
  name: 'the text engine crashes',
  strike: async (rig) => void process.kill(engineOf(rig) ?? 0, 'SIGSEGV'),
  heal: async () => {},
};

const reading: Stage = {
  name: 'text of a picture',
  answered: true,
  env: { OCR: 'on' },
  cases: () => [
    ...cases('a try fails', engineHangs, engineCrashes, database),
    ...cases('nothing', storage, disk, missing, hangs, crashes),
    ...cases('its process dies', kill),
  ],
  async reach(rig, fault) {
    const sending = send(rig.person(), await words());
    const { length } = sending.bytes;
    await until('a picture being read', async () => engineOf(rig) && (await isFetched(rig, length)));
    const engine = engineOf(rig);
    if (engine === undefined) throw new Error('the engine has gone');
    process.kill(engine, 'SIGSTOP');
    return {
      sending,
      release: () => {
        if (fault !== engineHangs && processesWith('engine.process').includes(engine))
          process.kill(engine, 'SIGCONT');
      },
    };
  },
};

/** Tests whether a job has the complete file it works on. */
async function isFetched({ dataDir }: Rig, size: number): Promise<boolean> {
  const base = join(dataDir, 'tmp');
  // A folder may go while it is read: the caller looks again.
  for (const name of await readdir(base, { recursive: true }).catch(() => [])) {
    if (!name.endsWith('/source')) continue;
    const info = await stat(join(base, name)).catch(() => null);
    if (info?.size === size) return true;
  }
  return false;
}

/** The stages that wait longest come first: the lanes run in parallel. */
export const STAGES = [reading, frames, poster, probing, spooling, storing, committing] as const;
