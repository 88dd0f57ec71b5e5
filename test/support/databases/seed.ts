import { randomUUID } from 'node:crypto';
import { link, mkdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { connect } from '../../../app/db/client.ts';
import { attachEmbeddedDatabase } from '../../../app/db/embedded.ts';
import { createLogger } from '../../../app/logger.ts';

/**
 * Adds `count` items to the library of a running server by SQL. Each has the original and the
 * thumbnail of an existing item, as links to the same files. So all of them show real pictures.
 * They are older than the existing items, a minute apart. Every third has a title: `Seeded 0` (the
 * newest) and so on.
 * @param dataDir of a server with a separate database
 * @param url of that database; without it, the server's own one in the folder
 */
export async function seedItems(dataDir: string, count: number, url?: string): Promise<void> {
  const logger = createLogger('silent', false);
  const embedded = url === undefined ? await attachEmbeddedDatabase(join(dataDir, 'postgres'), logger) : null;
  const files = join(dataDir, 'media');
  const db = connect(url ?? embedded?.url ?? '', logger, 1);
  try {
    const models = await db.selectFrom('media').selectAll().orderBy('id').execute();
    const oldest = Math.min(...models.map((model) => model.created_at.getTime()));
    const rows = [];
    for (let i = 0; i < count; i++) {
      const model = models[i % models.length];
      if (!model) throw new Error('Upload something first: seeded items borrow its files.');
      const created_at = new Date(oldest - (i + 1) * 60_000);
      rows.push({
        ...model,
        id: uuidv7({ msecs: created_at.getTime() }),
        sha256: `${randomUUID()}${randomUUID()}`.replaceAll('-', ''),
        object_key: await again(files, model.object_key),
        thumb_key: model.thumb_key && (await again(files, model.thumb_key)),
        poster_key: null,
        card_key: null,
        preview_key: null,
        playback_key: null,
        state: 'ready',
        title: i % 3 === 0 ? `Seeded ${i}` : '',
        created_at,
        updated_at: created_at,
      });
    }
    await sql`set statement_timeout = 0`.execute(db);
    for (let from = 0; from < rows.length; from += 500)
      await db
        .insertInto('media')
        .values(rows.slice(from, from + 500))
        .execute();
    await sql`analyze`.execute(db);
  } finally {
    await db.destroy();
    await embedded?.stop();
  }
}

/** Links the same object under a new key. */
async function again(files: string, key: string): Promise<string> {
  const other = `${randomUUID()}${extname(key)}`;
  await mkdir(join(files, other.slice(0, 2)), { recursive: true });
  await link(join(files, key.slice(0, 2), key), join(files, other.slice(0, 2), other));
  return other;
}
