import type { Kysely } from 'kysely';

/**
 * Adds the place from which the thumbnail of a tall picture shows it, in pixels from the top. Items
 * of before have none, and their picture is decoded to find it.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('media').addColumn('thumb_top', 'integer').execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('media').dropColumn('thumb_top').execute();
}
