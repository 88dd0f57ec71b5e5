import type { Database } from '../../app/db/client.ts';
import type { FailureCode } from '../../app/media/stages/failures.schema.ts';

/** Puts an item into the state after the last failed OCR try. */
export async function failReading(db: Database, id: string, failure: FailureCode): Promise<void> {
  await db
    .updateTable('media_stages')
    .set({ state: 'failed', failure })
    .where('media_id', '=', id)
    .where('stage', '=', 'text')
    .execute();
  await db.updateTable('media').set({ state: 'failed', failure }).where('id', '=', id).execute();
}
