import { sql } from 'kysely';
import { DEFAULT_MIGRATION_TABLE } from 'kysely/migration';
import type { Trx } from '../db/client.ts';
import type { DB } from '../db/schema.gen.ts';

/**
 * Every table, and whether a backup holds it. A table stands after those that it refers to.
 *
 * Sessions and reset links are left out: a restore must not revive one that has ended since. The
 * other ones that are left out hold no more than a day.
 */
const TABLES: Record<keyof DB, boolean> = {
  users: true,
  settings: true,
  invites: true,
  tags: true,
  media: true,
  media_content: true,
  media_fingerprints: true,
  content_backfill: true,
  media_tags: true,
  media_stages: true,
  duplicates: true,
  duplicate_pass: true,
  merges: true,
  merge_wishes: true,
  favourites: true,
  collections: true,
  collection_items: true,
  media_search: true,
  search_words: true,
  search_backfill: true,
  thumbnail_remakes: true,
  shares: true,
  share_items: true,
  share_counts: true,
  passkeys: true,
  passkey_challenges: false,
  sessions: false,
  api_tokens: false,
  password_resets: false,
  rate_limits: false,
  media_changes: false,
  fetches: false,
  resumable_uploads: false,
};

/** The tables of a backup, in the order in which they can be filled. */
export const SAVED_TABLES: readonly string[] = Object.entries(TABLES).flatMap(([name, saved]) =>
  saved ? [name] : [],
);

/** Rows read at once. A row is mostly of some kilobytes; a long text makes a megabyte. */
const FETCHED_ROWS = 100;

/**
 * Makes the transaction a view of one moment, for as long as it takes. It is the first statement.
 */
export async function holdSnapshot(trx: Trx): Promise<void> {
  await sql`set transaction isolation level repeatable read, read only`.execute(trx);
  await sql`set local statement_timeout = 0`.execute(trx);
  await sql`set local idle_in_transaction_session_timeout = 0`.execute(trx);
}

/** Returns the time of the snapshot and the names of the migrations, in their order. */
export async function snapshotFacts(trx: Trx): Promise<{ madeAt: Date; migrations: string[] }> {
  const { rows } = await sql<{ madeAt: Date; migrations: string[] }>`
    select now() as "madeAt", array_agg(name order by name) as migrations
    from ${sql.table(DEFAULT_MIGRATION_TABLE)}`.execute(trx);
  const [facts] = rows;
  if (!facts) throw new Error('The database does not tell its migrations.');
  return facts;
}

/** Yields the rows of a table as lines of JSON, some at a time. PostgreSQL writes the JSON. */
export async function* rowLines(trx: Trx, table: string): AsyncIterable<string[]> {
  await sql`declare saved no scroll cursor for
    select row_to_json(saved_row)::text as line from ${sql.table(table)} as saved_row`.execute(trx);
  for (;;) {
    const { rows } = await sql<{ line: string }>`fetch ${sql.lit(FETCHED_ROWS)} from saved`.execute(trx);
    if (rows.length === 0) break;
    yield rows.map(({ line }) => line);
  }
  await sql`close saved`.execute(trx);
}

/** Returns those of the names that are tables of the database, in their order. */
export async function tablesOf(trx: Trx, names: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from unnest(${sql.val(names)}::text[]) with ordinality as given (name, place)
    where to_regclass(name) is not null order by place`.execute(trx);
  return rows.map(({ name }) => name);
}

/** Tells whether a table exists and has rows. */
export async function hasRows(trx: Trx, table: string): Promise<boolean> {
  if ((await tablesOf(trx, [table])).length === 0) return false;
  const found = await sql`select from ${sql.table(table)} limit 1`.execute(trx);
  return found.rows.length > 0;
}

/** Empties the tables and stops their triggers, which would add to the rows of the backup. */
export async function openTables(trx: Trx, tables: readonly string[]): Promise<void> {
  await sql`truncate ${sql.join(tables.map((table) => sql.table(table)))} cascade`.execute(trx);
  for (const table of tables) await sql`alter table ${sql.table(table)} disable trigger user`.execute(trx);
}

/** Inserts rows from their JSON. A column of the table that the rows lack becomes null. */
export async function insertRows(trx: Trx, table: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await sql`insert into ${sql.table(table)} overriding system value
    select * from json_populate_recordset(null::${sql.table(table)}, ${`[${lines.join(',')}]`}::json)`.execute(
    trx,
  );
}

/**
 * Starts the triggers again, and sets the counters of new ids and numbers beyond those that exist.
 */
export async function closeTables(trx: Trx, tables: readonly string[]): Promise<void> {
  for (const table of tables) await sql`alter table ${sql.table(table)} enable trigger user`.execute(trx);
  const counted = await sql<{ table: string; column: string }>`
    select table_name as "table", column_name as "column" from information_schema.columns
    where table_schema = current_schema() and (is_identity = 'YES' or column_default like 'nextval(%')
      and table_name in (${sql.join(tables)})`.execute(trx);
  for (const { table, column } of counted.rows)
    await sql`select setval(pg_get_serial_sequence(${table}, ${column}),
      coalesce(max(${sql.ref(column)}), 0) + 1, false) from ${sql.table(table)}`.execute(trx);
}

/**
 * Gives up the unfinished stages, whose jobs are not part of a backup. They are then retried as
 * failed ones are.
 */
export async function failPendingStages(trx: Trx): Promise<number> {
  const { numUpdatedRows } = await trx
    .updateTable('media_stages')
    .set({ state: 'failed', failure: (eb) => eb.ref('stage'), updated_at: sql`now()` })
    .where('state', '=', 'pending')
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** Keeps the sweep from removing the objects that are newer than the restored rows. */
export async function holdSweep(trx: Trx, madeAt: string): Promise<void> {
  await trx.updateTable('settings').set({ restored_from: madeAt }).execute();
}
