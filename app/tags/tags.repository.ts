import { sql } from 'kysely';
import type { Database, Trx } from '../db/client.ts';
import { lockKeyOf } from '../db/lock-key.ts';
import type { TagWithUses } from './tags.schema.ts';

/** A search for tags. */
export interface TagSearch {
  /** Normalised beginning of the name; `null` finds the most used tags. */
  start: string | null;
  limit: number;
  /** Whether tags of no item outside the trash are found too. */
  unused: boolean;
}

/** Finds tags that begin with the text, then similar ones. */
export async function findTags(db: Database, { start, limit, unused }: TagSearch): Promise<TagWithUses[]> {
  const fewest = unused ? 0 : 1;
  if (start === null) {
    return db
      .selectFrom('tags')
      .select(['name', 'uses'])
      .where('uses', '>=', fewest)
      .orderBy('uses', 'desc')
      .orderBy('name')
      .limit(limit)
      .execute();
  }
  const pattern = `${start.replace(/[\\%_]/g, '\\$&')}%`;
  const { rows } = await sql<TagWithUses>`
    select name, uses from (
      (select name, uses, true as starts, 1::real as alike from tags where name like ${pattern} and uses >= ${fewest}
        order by uses desc, name limit ${limit})
      union all
      (select name, uses, false, similarity(name, ${start}) from tags
        where name % ${start} and name not like ${pattern} and uses >= ${fewest}
        order by similarity(name, ${start}) desc, uses desc limit ${limit})
    ) as found order by starts desc, alike desc, uses desc, name limit ${limit}`.execute(db);
  return rows;
}

/** Returns the number of items outside the trash with this tag; `undefined` for an unknown tag. */
export async function usesOfTag(db: Database, name: string): Promise<number | undefined> {
  const tag = await db.selectFrom('tags').select('uses').where('name', '=', name).executeTakeFirst();
  return tag?.uses;
}

/**
 * Namespace of the advisory locks on tag names. Every release must use the same number ("tag" in
 * ASCII).
 */
const NAME_LOCKS = 0x746167;

/**
 * Locks tag names until the transaction ends, before any other lock (docs/database-changes.md). A
 * change that tags items shares the name. A change of the tag itself takes it exclusively, and so
 * finds every item that has the tag.
 */
export async function lockTagNames(
  trx: Trx,
  { shared = [], exclusive = [] }: { shared?: readonly string[]; exclusive?: readonly string[] },
): Promise<void> {
  // A name in both lists is locked once, by the stronger lock.
  const alone = new Map(shared.map((name) => [lockKeyOf(name), false]));
  for (const name of exclusive) alone.set(lockKeyOf(name), true);
  if (alone.size === 0) return;
  const locks = [...alone].toSorted(([one], [other]) => one - other);
  await sql`
    select case when alone then pg_advisory_xact_lock(${NAME_LOCKS}, key)
      else pg_advisory_xact_lock_shared(${NAME_LOCKS}, key) end
    from (select key, alone from unnest(${locks.map(([key]) => key)}::integer[], ${locks.map(([, one]) => one)}::boolean[])
      with ordinality as l (key, alone, place) order by place offset 0) as ordered`.execute(trx);
}

/**
 * Returns the ids of these tags; creates missing ones. The caller normalises and locks the names.
 */
async function ensureTags(trx: Trx, names: readonly string[]): Promise<number[]> {
  if (names.length === 0) return [];
  // The order keeps two transactions with the same new tags from deadlocking.
  await sql`insert into tags (name) select name from unnest(${names}::text[]) as name order by name
    on conflict (name) do nothing`.execute(trx);
  return tagIds(trx, names);
}

async function tagIds(trx: Trx, names: readonly string[]): Promise<number[]> {
  if (names.length === 0) return [];
  const rows = await trx.selectFrom('tags').select('id').where('name', 'in', names).execute();
  return rows.map((row) => row.id);
}

export async function findTag(db: Database | Trx, name: string): Promise<{ id: number } | null> {
  return (await db.selectFrom('tags').select('id').where('name', '=', name).executeTakeFirst()) ?? null;
}

/**
 * Locks items, so that two changes of one item's tags follow each other. Returns the ids of those
 * that exist.
 *
 * @param trashOf the user whose trashed items exist; `null` for anybody's
 */
export async function lockItems(trx: Trx, ids: readonly string[], trashOf: string | null): Promise<string[]> {
  const rows = await trx
    .selectFrom('media')
    .select('id')
    .where('id', 'in', ids)
    .$if(trashOf !== null, (query) =>
      query.where((eb) => eb.or([eb('deleted_at', 'is', null), eb('owner_id', '=', trashOf)])),
    )
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return rows.map((row) => row.id);
}

/**
 * Locks every item that has the tag, because each gets indexed again. The caller holds the tag's
 * name exclusively.
 */
export async function lockItemsOf(trx: Trx, tagId: number): Promise<void> {
  await trx
    .selectFrom('media')
    .select('id')
    .where('id', 'in', (eb) => eb.selectFrom('media_tags').select('media_id').where('tag_id', '=', tagId))
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
}

/**
 * Locks tags in the order of their ids. The triggers later count uses in the order of the changes.
 */
export async function lockTags(trx: Trx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await trx.selectFrom('tags').select('id').where('id', 'in', ids).orderBy('id').forNoKeyUpdate().execute();
}

/** Returns the names of an item's tags. */
export const tagsOfItem = (db: Database | Trx, mediaId: string): Promise<Set<string>> =>
  tagsOfItems(db, [mediaId]);

/** Returns the names of the tags of these items, each once. */
export async function tagsOfItems(db: Database | Trx, mediaIds: readonly string[]): Promise<Set<string>> {
  if (mediaIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('media_tags')
    .innerJoin('tags', 'tags.id', 'tag_id')
    .select('name')
    .where('media_id', 'in', mediaIds)
    .execute();
  return new Set(rows.map(({ name }) => name));
}

/**
 * Removes tags from items and adds others; creates missing tags. Names are normalised. The caller
 * shares the added names ({@link lockTagNames}). It then locks the items ({@link lockItems}) or has
 * just created them.
 */
export async function changeTags(
  trx: Trx,
  mediaIds: readonly string[],
  { add = [], remove = [] }: { add?: readonly string[]; remove?: readonly string[] },
): Promise<void> {
  if (mediaIds.length === 0) return;
  const removed = await tagIds(trx, remove);
  const added = await ensureTags(trx, add);
  await lockTags(trx, [...removed, ...added]);
  if (removed.length > 0)
    await trx
      .deleteFrom('media_tags')
      .where('media_id', 'in', mediaIds)
      .where('tag_id', 'in', removed)
      .execute();
  if (added.length > 0)
    await sql`insert into media_tags (media_id, tag_id)
      select m, t from unnest(${mediaIds}::uuid[]) as m, unnest(${added}::integer[]) as t
      on conflict do nothing`.execute(trx);
}

/**
 * Renames a tag. Returns `false` if the name exists. The caller holds both names exclusively, and
 * the tag's items.
 */
export async function renameTag(trx: Trx, id: number, name: string): Promise<boolean> {
  const taken = await trx
    .selectFrom('tags')
    .select('id')
    .where('name', '=', name)
    .where('id', '!=', id)
    .executeTakeFirst();
  if (taken) return false;
  await trx.updateTable('tags').set({ name }).where('id', '=', id).execute();
  return true;
}

/** Moves every use of `from` to `into` and deletes `from`. The caller holds the items of `from`. */
export async function mergeTags(trx: Trx, from: number, into: number): Promise<void> {
  await lockTags(trx, [from, into]);
  await sql`insert into media_tags (media_id, tag_id) select media_id, ${into} from media_tags where tag_id = ${from}
    on conflict do nothing`.execute(trx);
  await deleteTag(trx, from);
}

/** Deletes a tag. The caller holds its name exclusively, and its items. */
export async function deleteTag(trx: Trx, id: number): Promise<void> {
  await trx.deleteFrom('media_tags').where('tag_id', '=', id).execute();
  await trx.deleteFrom('tags').where('id', '=', id).execute();
}

/** Lifts the statement timeout. A popular tag is on many items, and each gets indexed again. */
export async function allowLongChange(trx: Trx): Promise<void> {
  await sql`set local statement_timeout = '10min'`.execute(trx);
}

/**
 * Finds tags that equal these names but for hyphens: linja-auto for linjaauto. Names are
 * normalised.
 *
 * @returns the tags by name; without names that are tags themselves, or have no such tag
 */
export async function findTagsByJoinedNames(
  db: Database,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (names.length === 0) return new Map();
  const { rows } = await sql<{ asked: string; found: string[] }>`
    select asked, array_agg(name order by name) as found
    from unnest(${names}::text[]) as asked join tags on replace(name, '-', '') = replace(asked, '-', '')
    group by asked having not bool_or(name = asked)`.execute(db);
  return new Map(rows.map(({ asked, found }) => [asked, found]));
}

/** Number of similar items whose tags count, the newest ones. */
const MAX_SIMILAR_ITEMS = 300;
/**
 * Largest number of items with a word that makes items similar. A more common word says nothing
 * about tags, and looking it up takes long.
 */
const MAX_WORD_ITEMS = 1000;
/** Largest number of such words, rarest first. */
const MAX_SHARED_WORDS = 8;

/**
 * Suggests tags for an item. Takes the newest 300 other items that share one of its tags or rarer
 * words. Ranks their tags against how common they are in general.
 */
export async function relatedTags(db: Database, id: string, limit: number): Promise<TagWithUses[]> {
  const { rows } = await sql<TagWithUses>`
    with rare_words as (
      select w.word from media_search s, search_vocabulary(s.terms) as v (word)
      join search_words w on w.word = v.word
      where s.media_id = ${id} and w.items between 2 and ${MAX_WORD_ITEMS} and char_length(w.word) > 3
      order by w.items limit ${MAX_SHARED_WORDS}
    ),
    query as (select string_agg(quote_literal(word), ' | ')::tsquery as q from rare_words),
    alike as (
      select media_id from media_search, query where terms @@ q and live
      union
      select shared.media_id from media_tags own, lateral (
        select other.media_id from media_tags other join media_search s on s.media_id = other.media_id
        where other.tag_id = own.tag_id and s.live
        order by other.media_id desc limit ${MAX_SIMILAR_ITEMS}) as shared
      where own.media_id = ${id}
    ),
    newest as (select media_id from alike order by media_id desc limit ${MAX_SIMILAR_ITEMS})
    select t.name, t.uses from newest join media_tags mt using (media_id) join tags t on t.id = mt.tag_id
    where media_id <> ${id} and not exists (select from media_tags o where o.media_id = ${id} and o.tag_id = t.id)
    group by t.id order by count(*) / sqrt(1 + t.uses) desc, t.uses desc, t.name limit ${limit}`.execute(db);
  return rows;
}
