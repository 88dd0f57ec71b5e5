import { sql, type Kysely } from 'kysely';

/**
 * Adds the version of the recipe by which a thumbnail was made; 0 for those of before. A job makes
 * old ones again, newest items first. Its progress is a row for each recipe: the items from
 * `before` on are done, `passes` times.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('media')
    .addColumn('thumb_recipe', 'smallint', (c) => c.notNull().defaultTo(0))
    .execute();
  await sql`
    create table thumbnail_remakes (
      recipe smallint primary key,
      before uuid not null default 'ffffffff-ffff-ffff-ffff-ffffffffffff',
      passes smallint not null default 0
    )`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('thumbnail_remakes').execute();
  await db.schema.alterTable('media').dropColumn('thumb_recipe').execute();
}
