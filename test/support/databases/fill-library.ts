import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../../app/db/client.ts';
import { changeTags, lockTagNames } from '../../../app/tags/tags.repository.ts';

/** An item as a test describes it; omitted fields are empty or usual. */
export interface FolderItem {
  title?: string;
  text?: string;
  description?: string;
  name?: string;
  tags?: readonly string[];
  kind?: 'image' | 'animation' | 'video';
  state?: 'processing' | 'ready' | 'failed';
  /** Upload time; by default one second after the previous item. */
  at?: Date;
  deleted?: boolean;
}

/**
 * Inserts items without files, for searching and not for showing.
 * @returns the ids in order
 */
export async function fillFolder(
  db: Database,
  ownerId: string,
  items: readonly FolderItem[],
  start = Date.UTC(2026, 0, 1),
): Promise<string[]> {
  const ids: string[] = [];
  for (const [i, item] of items.entries()) {
    const created = item.at ?? new Date(start + i * 1000);
    const id = uuidv7({ msecs: created.getTime() });
    ids.push(id);
    await db.transaction().execute(async (trx) => {
      await lockTagNames(trx, { shared: item.tags ?? [] });
      await trx
        .insertInto('media')
        .values({
          id,
          owner_id: ownerId,
          kind: item.kind ?? 'image',
          mime: 'image/png',
          width: 4,
          height: 3,
          byte_size: 12,
          sha256: randomUUID(),
          title: item.title ?? '',
          description: item.description ?? '',
          original_name: item.name ?? '',
          text: item.text ?? '',
          state: item.state ?? 'ready',
          object_key: `${randomUUID()}.png`,
          created_at: created,
          deleted_at: item.deleted ? created : null,
        })
        .execute();
      await changeTags(trx, [id], { add: item.tags ?? [] });
    });
  }
  return ids;
}
