import { sql } from 'kysely';
import type { Database, Trx } from '../../db/client.ts';
import { compareFiles } from './compare-files.shared.ts';
import { MAX_GROUP_ITEMS } from './duplicates.limits.ts';

/** Locks the progress of the pass; `null` while another process has it. */
export async function lockPass(trx: Trx): Promise<{ after: string; is_old: boolean } | null> {
  const row = await trx
    .selectFrom('duplicate_pass')
    .select(['after', sql<boolean>`started_at < now() - interval '20 hours'`.as('is_old')])
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row ?? null;
}

/** Moves the pass on; `null` begins it anew. */
export async function movePass(trx: Trx, after: string | null): Promise<void> {
  const values =
    after === null
      ? { after: '00000000-0000-0000-0000-000000000000', started_at: sql<Date>`now()` }
      : { after };
  await trx.updateTable('duplicate_pass').set(values).execute();
}

/** An item that the pass comes to. */
interface PassItem {
  id: string;
  text: string;
  /** Its words or its fingerprint are still being made. */
  is_early: boolean;
}

/** Lists items outside the trash in the order of ids, after `after`. */
export async function listAfter(db: Database | Trx, after: string, limit: number): Promise<PassItem[]> {
  const { rows } = await sql<PassItem>`
    select id, text, created_at > now() - interval '15 minutes' and (
        exists (select from media_stages where media_id = id and stage = 'text' and media_stages.state = 'pending')
        or not exists (select from media_content where media_id = id and fingerprint_recipe > 0)) as is_early
    from media where id > ${after} and deleted_at is null
    order by id limit ${limit}`.execute(db);
  return rows;
}

/** Puts an item and the same memes into one group, and takes it out of any other. */
export async function putIntoGroup(trx: Trx, id: string, same: readonly string[]): Promise<void> {
  if (same.length === 0) {
    await trx.deleteFrom('duplicates').where('media_id', '=', id).execute();
    return;
  }
  await sql`
    with found as (
      select group_id from duplicates where media_id = any(${same}::uuid[]) order by group_id limit 1
    ), members as (
      select id from media where id = any(${[id, ...same]}::uuid[]) order by id for key share)
    insert into duplicates (media_id, group_id)
    select id, coalesce((select group_id from found), (select min(id::text)::uuid from members)) from members
    order by id
    on conflict (media_id) do update set group_id = excluded.group_id
      where duplicates.group_id <> excluded.group_id`.execute(trx);
}

/**
 * Lists the newest groups with several items outside the trash, after `before`. Walks through the
 * index from group to group, so that a large group costs no more than a small one.
 */
export async function listGroups(db: Database, before: string | undefined, limit: number): Promise<string[]> {
  const { rows } = await sql<{ group_id: string }>`
    with recursive walked as (
      (select group_id from duplicates where ${before ?? null}::uuid is null or group_id < ${before ?? null}::uuid
        order by group_id desc limit 1)
      union all
      select (select d.group_id from duplicates d where d.group_id < walked.group_id
        order by d.group_id desc limit 1)
      from walked where walked.group_id is not null
    )
    select group_id from walked
    where group_id is not null and (
      select count(*) from (
        select from duplicates d join media on media.id = d.media_id and media.deleted_at is null
        where d.group_id = walked.group_id limit 2) as live) > 1
    limit ${limit}`.execute(db);
  return rows.map(({ group_id }) => group_id);
}

/** Lists the newest items of a group outside the trash, best file first. */
export async function listMembers(db: Database, groupId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('duplicates')
    .innerJoin('media', 'media.id', 'duplicates.media_id')
    .select(['media.id', 'kind', 'mime', 'width', 'height', 'byte_size as byteSize'])
    .where('group_id', '=', groupId)
    .where('deleted_at', 'is', null)
    .orderBy('duplicates.media_id', 'desc')
    .limit(MAX_GROUP_ITEMS)
    .execute();
  // Of equal files the older one.
  return rows
    .toReversed()
    .toSorted(compareFiles)
    .map(({ id }) => id);
}

/** Lists other items outside the trash that are stored as the same file. */
export async function listTwins(db: Database, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select twin.id from media_content own
    join media_content other on other.stored_sha256 = own.stored_sha256 and other.media_id <> own.media_id
    join media twin on twin.id = other.media_id and twin.deleted_at is null
      and twin.sha256 = other.upload_sha256
    where own.media_id = ${id}
    order by twin.id desc limit ${MAX_GROUP_ITEMS}`.execute(db);
  return rows.map((row) => row.id);
}
