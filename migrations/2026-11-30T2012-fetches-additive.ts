import { sql, type Kysely } from 'kysely';

/**
 * Uploads by address, for a day each. A fetch without `job_token` waits for its turn; `role` is that
 * of its request. `media_id` refers to no row once the item is deleted.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table fetches (
      id uuid primary key,
      user_id uuid not null references users on delete cascade,
      role text not null,
      url text not null,
      title text not null,
      tags text[] not null,
      state text not null default 'queued',
      job_token uuid,
      received_size bigint not null default 0,
      total_size bigint,
      media_id uuid,
      failure text,
      created_at timestamptz not null default now()
    )`.execute(db);
  await sql`create index fetches_user_id on fetches (user_id, id)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('fetches').execute();
}
