import type { Database } from '../db/client.ts';
import type { TextReader } from '../ocr/text-reader.ts';
import type { Storage } from '../storage/storage.ts';
import { pingDatabase } from './health.repository.ts';

/** Result of the checks: `null`, or a sentence about the fault. */
export interface ReadyReport {
  ready: boolean;
  database: string | null;
  storage: string | null;
  /** A storage setting that makes something work less well; all that matters works. */
  storageAdvice: string | null;
  /** Text can wait: a fault here does not make the process unready. */
  textReader: string | null;
}

export interface HealthService {
  revision: string;
  report(): Promise<ReadyReport>;
}

export function createHealth(
  db: Database,
  storage: Storage,
  reader: TextReader | null,
  revision: string,
): HealthService {
  async function databaseProblem(): Promise<string | null> {
    try {
      await pingDatabase(db);
      return null;
    } catch {
      return 'The database does not answer.';
    }
  }

  return {
    revision,
    async report() {
      const [database, store, storageAdvice, textReader] = await Promise.all([
        databaseProblem(),
        storage.healthProblem(),
        storage.warning(),
        reader ? reader.problem() : null,
      ]);
      return {
        ready: database === null && store === null,
        database,
        storage: store,
        storageAdvice,
        textReader,
      };
    },
  };
}
