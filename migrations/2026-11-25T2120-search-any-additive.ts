import { sql, type Kysely } from 'kysely';

/**
 * Whether anything outside the trash matches: stops at the first row, where `search_gather` fetches and sorts them all, which made
 * corrections slow.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create function search_any(query tsquery) returns boolean language plpgsql stable
      set enable_seqscan = off set enable_indexscan = off set enable_indexonlyscan = off set jit = off
      set max_parallel_workers_per_gather = 0 set plan_cache_mode = force_custom_plan as $$
    begin
      return exists (select from media_search s where s.terms @@ query and s.live);
    end $$`,
    )
    .execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function search_any`.execute(db);
}
