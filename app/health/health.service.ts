import type { BackupProblem } from '../backup/backup-state.schema.ts';
import type { BackupState, NightlyBackups } from '../backup/nightly.service.ts';
import type { Database } from '../db/client.ts';
import type { TextReader } from '../ocr/text-reader.ts';
import type { Storage } from '../storage/storage.ts';
import { countFailedJobs, pingDatabase } from './health.repository.ts';

/** Result of the checks: `null`, or a sentence about the fault. */
export interface ReadyReport {
  ready: boolean;
  database: string | null;
  storage: string | null;
  /** A storage setting that makes something work less well; all that matters works. */
  storageAdvice: string | null;
  /** Text can wait: a fault here does not make the process unready. */
  textReader: string | null;
  /** A fault of the backups: it does not make the process unready. */
  backup: string | null;
  /** Jobs that failed for good within a day: they do not make the process unready. */
  jobs: string | null;
  /** The moment of the newest whole backup, as an ISO date. */
  lastBackup: string | null;
}

export interface HealthService {
  revision: string;
  report(): Promise<ReadyReport>;
}

export interface HealthDeps {
  db: Database;
  storage: Storage;
  reader: TextReader | null;
  backups: Pick<NightlyBackups, 'state'>;
  revision: string;
}

/** Anybody may ask, and the count reads every job. */
const JOBS_TTL_MS = 30_000;

export function createHealth({ db, storage, reader, backups, revision }: HealthDeps): HealthService {
  let jobs: Promise<string | null> | undefined;
  let until = 0;

  async function databaseProblem(): Promise<string | null> {
    try {
      await pingDatabase(db);
      return null;
    } catch {
      return 'The database does not answer.';
    }
  }

  async function lookAtJobs(): Promise<string | null> {
    try {
      const failed = await countFailedJobs(db);
      if (failed.length === 0) return null;
      return `Jobs have failed within a day: ${failed.map(({ name, count }) => `${count} × ${name}`).join(', ')}.`;
    } catch {
      // The database does not answer, or the queue is being set up.
      return 'The jobs cannot be counted.';
    }
  }

  function jobsProblem(): Promise<string | null> {
    if (!jobs || performance.now() >= until) {
      jobs = lookAtJobs();
      until = performance.now() + JOBS_TTL_MS;
    }
    return jobs;
  }

  return {
    revision,
    async report() {
      const [database, store, storageAdvice, textReader, backup, failing] = await Promise.all([
        databaseProblem(),
        storage.healthProblem(),
        storage.warning(),
        reader ? reader.problem() : null,
        backups.state(),
        jobsProblem(),
      ]);
      return {
        ready: database === null && store === null,
        database,
        storage: store,
        storageAdvice,
        textReader,
        backup: sentenceOf(backup),
        jobs: failing,
        lastBackup: backup.lastAt?.toISOString() ?? null,
      };
    },
  };
}

/** The sentence of each fault of the backups. */
const BACKUP_SENTENCES: Record<BackupProblem, (lastAt: Date | null) => string> = {
  off: () => 'No backups are made: BACKUP_RECIPIENT is not set.',
  unreachable: () => 'The backups cannot be listed.',
  missing: () => 'There is no backup yet.',
  late: (lastAt) => `The last backup is of ${lastAt?.toISOString()}: the nightly one fails or does not run.`,
};

const sentenceOf = ({ problem, lastAt }: BackupState): string | null =>
  problem === null ? null : BACKUP_SENTENCES[problem](lastAt);
