import type { Kysely } from 'kysely';

/**
 * Adds the place from which the thumbnail of a tall picture is to show it, in pixels from the top,
 * once its words have been read. Without one, the first part with details counts. The second column
 * is the place by which the thumbnail was made.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('media')
    .addColumn('words_top', 'integer')
    .addColumn('thumb_words_top', 'integer')
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('media').dropColumn('thumb_words_top').dropColumn('words_top').execute();
}
