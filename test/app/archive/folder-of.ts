import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { sql } from 'kysely';
import type { TestApp } from '../../support/servers/app.ts';

/**
 * Reads the parts of a library that a move to another instance must not change. These are people,
 * items in list order, and the bytes of originals by hash. An item in the trash gets another
 * address, so that only its extension counts.
 */
export async function folderOf({ deps: { db, storage } }: Pick<TestApp, 'deps'>) {
  const people = await db
    .selectFrom('users')
    .select(['username', 'role', 'created_at', 'disabled_at'])
    .orderBy('username_key')
    .execute();
  const rows = await db
    .selectFrom('media')
    .innerJoin('users', 'users.id', 'owner_id')
    .select([
      'media.id',
      'username as owner',
      'object_key',
      'kind',
      'mime',
      'width',
      'height',
      'duration_ms',
      'has_audio',
      'byte_size',
      'sha256',
      'title',
      'description',
      'original_name',
      'text',
      'text_edited',
      'deleted_at',
      'media.created_at',
    ])
    .select([
      sql<string[]>`array(
        select name from media_tags join tags on tags.id = tag_id where media_id = media.id order by name)`.as(
        'tags',
      ),
      sql<{ username: string; at: string }[]>`(
        select coalesce(json_agg(json_build_object('username', username,
          'at', date_trunc('milliseconds', favourites.created_at)) order by username), '[]')
        from favourites join users on users.id = user_id where media_id = media.id)`.as('favourites'),
    ])
    .orderBy('media.id', 'desc')
    .execute();
  const items = [];
  for (const row of rows) {
    const hash = createHash('sha256');
    for await (const chunk of (await storage.read(row.object_key)) ?? ['nothing']) hash.update(chunk);
    const object_key = row.deleted_at ? extname(row.object_key) : row.object_key;
    items.push({ ...row, object_key, content: hash.digest('hex') });
  }
  return { people, items };
}
