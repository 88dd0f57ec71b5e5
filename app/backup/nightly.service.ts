import { hasAccounts } from '../auth/auth.repository.ts';
import { NIGHTLY } from './backup.jobs.ts';
import type { BackupProblem } from './backup-state.schema.ts';
import { makeBackup, type BackupDeps, type MadeBackup } from './backup.service.ts';

export interface BackupState {
  /** The moment of the newest whole backup. */
  lastAt: Date | null;
  /** Always `null` in development without a recipient. */
  problem: BackupProblem | null;
}

export interface NightlyBackups {
  /** Tells about the newest backup. Its answer is some seconds old. */
  state(): Promise<BackupState>;
  /** Tells whether a run of the schedule was missed. */
  isDue(): Promise<boolean>;
  /** Makes a backup if a run of the schedule lacks one, and the library has users. */
  makeIfDue(signal?: AbortSignal): Promise<MadeBackup | null>;
}

const DAY_MS = 24 * 3600 * 1000;
/** Requests to `/api/ready` must not list a bucket all the time. */
const STATE_TTL_MS = 30_000;

/** Returns the last moment of the schedule. */
export function lastNight(now: Date): Date {
  const today = Date.UTC(
    now.getUTCFullYear(),
    now.getUTCMonth(),
    now.getUTCDate(),
    NIGHTLY.hour,
    NIGHTLY.minute,
  );
  return new Date(today > now.getTime() ? today - DAY_MS : today);
}

/** Tells what a newest backup of that moment means. */
export function problemOf(lastAt: Date | null, now: Date): BackupProblem | null {
  if (lastAt === null) return 'missing';
  return lastAt.getTime() < lastNight(now).getTime() - DAY_MS ? 'late' : null;
}

export function createNightlyBackups(deps: BackupDeps & { production: boolean }): NightlyBackups {
  const { db, store, recipient, production } = deps;
  let known: Promise<BackupState> | undefined;
  let until = 0;

  async function newest(): Promise<Date | null> {
    return (await store.list()).at(0)?.madeAt ?? null;
  }

  async function look(): Promise<BackupState> {
    try {
      const lastAt = await newest();
      if (recipient === null) return { lastAt, problem: production ? 'off' : null };
      return { lastAt, problem: problemOf(lastAt, new Date()) };
    } catch {
      // The job reports the error with its cause.
      return { lastAt: null, problem: 'unreachable' };
    }
  }

  async function isDue(): Promise<boolean> {
    if (recipient === null || !(await hasAccounts(db))) return false;
    const lastAt = await newest();
    return lastAt === null || lastAt < lastNight(new Date());
  }

  return {
    state() {
      if (!known || performance.now() >= until) {
        known = look();
        until = performance.now() + STATE_TTL_MS;
      }
      return known;
    },
    isDue,
    async makeIfDue(signal) {
      if (!(await isDue())) return null;
      const made = await makeBackup(deps, signal);
      known = undefined;
      return made;
    },
  };
}
