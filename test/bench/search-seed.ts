import { sql } from 'kysely';
import type { Database } from '../../app/db/client.ts';
import { makeVocabulary } from './vocabulary.ts';

/** The composition of the library of a search bench. */
export const VOCABULARY = 20_000;
const TAGS = 2_000;
const PEOPLE = 50;
const BATCH = 10_000;

/**
 * Draws a word number of a Zipf distribution over `size` words (exponent about 1). Each row draws
 * anew.
 */
const zipf = (size: number) => sql`floor(exp(random() * ln(${size}::float8)))::integer`;

/**
 * Fills an empty, migrated database with `items` rows. Each has 5–30 words of text, 0–5 tags and
 * every third a title of 1–4 words. They belong to 50 people over three years; a tenth are videos,
 * a twentieth animations. The same size always gives the same rows.
 */
export async function seedSearch(
  db: Database,
  items: number,
  progress: (done: number) => void = () => {},
): Promise<{ words: string[]; tags: string[]; people: string[] }> {
  const words = makeVocabulary(VOCABULARY);
  const tags = Array.from({ length: TAGS }, (_, i) => `${words[(i * 7) % 997] ?? ''}-${i}`);
  const people = Array.from({ length: PEOPLE }, (_, i) => `person${i}`);
  await db.connection().execute(async (connection) => {
    await sql`set statement_timeout = 0`.execute(connection);
    await sql`select setseed(0.42)`.execute(connection);
    await sql`create table bench_words as select n::integer, word from unnest(${words}::text[]) with ordinality as w (word, n)`.execute(
      connection,
    );
    await sql`insert into users (id, username, username_key, username_skeleton, password_hash, role)
      select gen_random_uuid(), name, name, name, '', 'member' from unnest(${people}::text[]) as name`.execute(
      connection,
    );
    await sql`create table bench_people as select row_number() over (order by username) - 1 as n, id from users
      where username = any(${people}::text[])`.execute(connection);
    await sql`insert into tags (name) select name from unnest(${tags}::text[]) as name`.execute(connection);
    await sql.raw(pieceTables).execute(connection);
    // Triggers would index item by item, at one or two milliseconds each. The bench compares a
    // sample with the triggers' result.
    for (const table of ['media', 'media_tags', 'media_search']) {
      await sql`alter table ${sql.table(table)} disable trigger user`.execute(connection);
    }
    // Rebuild the index afterwards, as every bulk load does:
    // https://www.postgresql.org/docs/current/populate.html
    const { rows } = await sql<{ indexdef: string }>`
      select indexdef from pg_indexes where indexname = 'media_search_terms'`.execute(connection);
    await sql`drop index media_search_terms`.execute(connection);
    for (let from = 0; from < items; from += BATCH) {
      await seedBatch(connection, from, Math.min(items, from + BATCH), items);
      progress(Math.min(items, from + BATCH));
    }
    await sql`set maintenance_work_mem = '512MB'`.execute(connection);
    await sql.raw(rows[0]?.indexdef ?? '').execute(connection);
    await sql`reset maintenance_work_mem`.execute(connection);
    await sql`insert into search_words (word, folded, items)
      select word, search_fold(word), sum(items) from bench_counts group by word`.execute(connection);
    await sql`update tags set uses = (select count(*) from media_tags where tag_id = tags.id)`.execute(
      connection,
    );
    for (const table of ['media', 'media_tags', 'media_search']) {
      await sql`alter table ${sql.table(table)} enable trigger user`.execute(connection);
    }
    // One item in twenty was shared, most of them seldom opened.
    await sql`insert into share_counts (media_id, shares, opens)
      select id, 1 + floor(random() * 3), floor(50 * power(random(), 4)) from media where random() < 0.05`.execute(
      connection,
    );
    await sql`drop table bench_words, bench_people, bench_pieces, bench_counts`.execute(connection);
    await sql`vacuum (analyze)`.execute(connection);
    await sql`reset statement_timeout`.execute(connection);
  });
  return { words, tags, people };
}

const YEARS_MS = 3 * 365 * 86_400_000;
const START = Date.UTC(2023, 0, 1);

async function seedBatch(db: Database, from: number, to: number, items: number): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await sql`
      create temp table batch on commit drop as
      select i, (lpad(to_hex(${START}::bigint + i::bigint * ${YEARS_MS}::bigint / ${items}), 12, '0') || '7' ||
        substr(md5('a' || i), 1, 3) || '8' || substr(md5('b' || i), 1, 15))::uuid as id,
        5 + floor(random() * 26)::integer as words,
        case when random() < 0.33 then 1 + floor(random() * 4)::integer else 0 end as heading,
        floor(random() * 6)::integer as tags, random() as kind
      from generate_series(${sql.lit(from)}::integer, ${sql.lit(to - 1)}::integer) as i`.execute(trx);
    const wordsOf = (count: string) => sql`(
      select i, string_agg(word, ' ') as content from (
        select i, ${zipf(VOCABULARY)} as n from batch, generate_series(1, ${sql.ref(`batch.${count}`)})) as drawn
      join bench_words using (n) group by i)`;
    await sql`
      insert into media (id, owner_id, kind, mime, width, height, duration_ms, byte_size, sha256, title, original_name, text,
        state, object_key, thumb_key, thumb_hash, created_at)
      select b.id, p.id, case when kind < 0.1 then 'video' when kind < 0.15 then 'animation' else 'image' end,
        'image/jpeg', 1200, 900, null, 200000, md5('c' || b.i) || md5('d' || b.i), coalesce(h.content, ''),
        'IMG_' || b.i || '.jpg', w.content, 'ready', b.id || '.jpg', b.id || '.webp', 'HBkSHYSIeHiPiHh8eJd4eTN0EEQG',
        to_timestamp((${START}::bigint + b.i::bigint * ${YEARS_MS}::bigint / ${items}) / 1000.0)
      from batch b join bench_people p on p.n = b.i::bigint * 7919 % ${PEOPLE}
      join ${wordsOf('words')} as w using (i) left join ${wordsOf('heading')} as h using (i)
      order by b.i`.execute(trx);
    await sql`
      insert into media_tags (media_id, tag_id)
      select distinct b.id, t.id from (
        select i, ${zipf(TAGS)} as n from batch, generate_series(1, tags)) as drawn
      join batch b using (i) join tags t on t.id = n`.execute(trx);
    await sql.raw(indexBatch).execute(trx);
  });
}

/** The index entries of each word and each word of a tag; `@` stands for its position. */
const pieceTables = `
  create table bench_counts (word text, items bigint);
  create table bench_pieces as
  select word, word || ':@' || coalesce((select string_agg(' ~' || form || case when nth = 1 then ':@' else '' end, '')
      from unnest(search_forms(word)) with ordinality as f (form, nth) where form <> word), '') as body,
    '!' || word || ':@' || coalesce((select string_agg(' !~' || form || case when nth = 1 then ':@' else '' end, '')
      from unnest(search_forms(word)) with ordinality as f (form, nth) where form <> word), '') as head
  from (select word from bench_words union select generate_series(0, ${TAGS})::text union values ('img'), ('jpg')) as w`;

/** Does the work of search_reindex for all items of a batch at once. */
const indexBatch = `
  create temp table tokens on commit drop as
  with tagged as (
    select b.i, string_agg(t.name, ' ' order by t.name) as names, array_agg('#' || t.name) as labels
    from batch b join media_tags mt on mt.media_id = b.id join tags t on t.id = mt.tag_id group by b.i
  ), fields as (
    select i, true as head, 'A' as weight, 0 as start, m.title as content from batch join media m using (id)
    union all select i, true, 'B', 500, names from tagged
    union all select i, false, 'C', 1000, m.text from batch join media m using (id)
    union all select i, false, 'D', 12000, 'img' from batch
    union all select i, false, 'D', 12002, 'jpg' from batch
  )
  select i, word, head, weight, start + nth as place
  from fields, lateral regexp_split_to_table(content, '[ -]') with ordinality as s (word, nth) where word <> '';
  insert into media_search (media_id, live, terms)
  select b.id, true, (found.pieces || coalesce(' ' || compounds.pieces, ''))::tsvector || array_to_tsvector(array['@kind:' || m.kind, '@by:' || m.owner_id::text]
    || coalesce(tagged.labels, array['@untagged']))
  from batch b join media m using (id)
  join (
    select i, string_agg(replace(body || case when t.head then ' ' || p.head else '' end, '@', place || weight), ' ')
      || ' ' || i || ':12002D' as pieces
    from tokens t join bench_pieces p using (word) group by i) as found using (i)
  left join (
    select i, string_agg(format('~%1$s:%2$sB,%3$sB !~%1$s:%2$sB,%3$sB', replace(name, '-', ''), 499 + 2 * nth, 500 + 2 * nth), ' ') as pieces
    from (
      select b.i, t.name, row_number() over (partition by b.i order by t.name) as nth
      from batch b join media_tags mt on mt.media_id = b.id join tags t on t.id = mt.tag_id) as tag group by i
  ) as compounds using (i)
  left join (
    select b.i, array_agg('#' || t.name) as labels
    from batch b join media_tags mt on mt.media_id = b.id join tags t on t.id = mt.tag_id group by b.i) as tagged using (i)
  order by b.i;
  insert into bench_counts select word, count(distinct i) from tokens where weight <> 'D' and word !~ '^[0-9]+$' group by word`;
