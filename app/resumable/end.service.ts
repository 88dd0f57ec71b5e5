import type { Logger } from 'pino';
import type { Database, Trx } from '../db/client.ts';
import { inTransaction } from '../db/transaction.ts';
import type { JobQueue } from '../jobs/queue.ts';
import type { PartStore } from './part-store.ts';
import { discardPartsJob } from './resumable.jobs.ts';
import { deleteResumable } from './resumable.repository.ts';

export interface EndDeps {
  db: Database;
  jobs: JobQueue;
  parts: PartStore;
  logger: Logger;
}

/** Ends an upload and removes its parts. Returns `false` if it had ended. */
export async function endResumable(deps: EndDeps, id: string): Promise<boolean> {
  const keys = await inTransaction(deps.db, async (trx) => {
    const keys = await deleteResumable(trx, id);
    // Without parts there is no job: beginning and ending uploads must not fill the queue.
    if (keys && keys.length > 0) await discardPartsLater(deps, trx, [id]);
    return keys;
  });
  if (keys && keys.length > 0) await discardPartsNow(deps, [id]);
  return keys !== null;
}

/**
 * Enqueues the removal of parts, in the transaction that ends their uploads. So a process that is
 * killed afterwards leaves none.
 */
export async function discardPartsLater(
  { jobs }: Pick<EndDeps, 'jobs'>,
  trx: Trx,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids) await jobs.enqueue(trx, discardPartsJob, { id });
}

/** Removes parts at once, after the commit. The job repeats what fails here. */
export async function discardPartsNow(
  { parts, logger }: Pick<EndDeps, 'parts' | 'logger'>,
  ids: readonly string[],
): Promise<void> {
  for (const id of ids)
    await parts.remove(id).catch((err: unknown) => logger.error({ err, upload: id }, 'parts not removed'));
}
