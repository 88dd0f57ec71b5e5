import { sql, type Kysely } from 'kysely';

/**
 * Words with apostrophes and hyphens are found written in one, characters of scripts without spaces by any part, and emoji at all.
 * An emoji has one spelling in the name of a tag; tags that become one are merged. `search_backfill` says how far the job
 * `search.backfill` has brought the rows of items that were here before.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [prepared, vector, vocabulary, ...backfill, mergeTags])
    await sql.raw(statement).execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop table search_backfill`.execute(db);
  for (const statement of [formerVector, formerVocabulary]) await sql.raw(statement).execute(db);
  await sql`select search_reindex(array(select id from media))`.execute(db);
  await sql`drop function search_prepared`.execute(db);
}

// The same characters as in app/search/text/units.ts, which cuts what is typed.
const UNSPACED =
  '\\u0e00-\\u0e7f\\u0e80-\\u0eff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u3005-\\u3007' +
  '\\u3021-\\u302f\\u3031-\\u3035\\u3038-\\u303c\\u3041-\\u309f\\u30a1-\\u30fa\\u30fc-\\u312f' +
  '\\u3131-\\u318e\\u31a0-\\u31bf\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f' +
  '\\ua9e0-\\ua9fe\\uaa60-\\uaa7f\\uac00-\\ud7fb\\uf900-\\ufaff\\U0001aff0-\\U0001b16f' +
  '\\U00020000-\\U0003fffd';
const SYMBOLS =
  '\\u2194-\\u2199\\u21a9\\u21aa\\u231a\\u231b\\u2328\\u23cf\\u23e9-\\u23f3\\u23f8-\\u23fa\\u25aa\\u25ab' +
  '\\u25b6\\u25c0\\u25fb-\\u25fe\\u2600-\\u27bf\\u2934\\u2935\\u2b05-\\u2b07\\u2b1b\\u2b1c\\u2b50\\u2b55' +
  '\\u3030\\u303d\\U0001f000-\\U0001faff';
// What PostgreSQL does not count among letters and digits.
const MARKS =
  '\\u0300-\\u036f\\u0483-\\u0489\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u0610-\\u061a' +
  '\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed\\u0730-\\u074a' +
  '\\u07a6-\\u07b0\\u0900-\\u0dff\\u1ab0-\\u1aff\\u1dc0-\\u1dff\\u20d0-\\u20f0\\ua8e0-\\ua8f1' +
  '\\ufe20-\\ufe2f';

const LETTERS = `[[:alnum:]${MARKS}${UNSPACED}]+`;
const WORD = `${LETTERS}(?:''${LETTERS})*`;
const SKIN_TONE = '[\\U0001f3fb-\\U0001f3ff]';
const FLAG_LETTERS = '\\U0001f1e6-\\U0001f1ff';
const TAGGED_FLAG = '\\U0001f3f4[\\U000e0020-\\U000e007f]+';
const SYMBOL =
  `(?:[${FLAG_LETTERS}]{2}|${TAGGED_FLAG}|[${SYMBOLS}]${SKIN_TONE}?)` +
  `(?:\\u200d[${SYMBOLS}]${SKIN_TONE}?)*`;

// A text with one apostrophe, one hyphen and nothing invisible, in NFKC, and spaces around what is written without them.
const APOSTROPHES =
  '\\0060\\00b4\\2018\\2019\\201b\\2032\\2035\\02b9\\02bb\\02bc\\02bd\\02be\\02bf\\02c8\\02ca\\02cb\\055a\\05f3\\a78c\\ff07\\ff40';
const HYPHENS = '\\2010\\2011\\2012\\2013\\fe63\\ff0d';
const INVISIBLE = '\\00ad\\2060\\fe0e\\fe0f\\feff';
const prepared = `create function search_prepared(content text) returns text language sql immutable strict parallel safe as $$
  select case when content ~ '^[[:ascii:]]*$' then translate(content, '\`', '''') else
    regexp_replace(normalize(translate(content, U&'${APOSTROPHES}${HYPHENS}${INVISIBLE}',
      '${"''".repeat(21)}${'-'.repeat(6)}'), NFKC), '([${UNSPACED}]+)', ' \\1 ', 'g')
  end $$`;

// The lexemes of an item, as before: a word as written (w), its other forms (~f), both again with ! when they stand in the title or a
// tag, and labels (#tag, @kind:…). Besides: of a word with apostrophes its pieces (~avion of l'avion), of a compound the
// whole (~linjaauto) where it begins and where it ends, of characters without spaces each pair and each one (%東京 %東), and
// symbols (%👍🏽 %👍). A short run of characters is a word as well, for the vocabulary. A place is one part of a compound,
// one character or one symbol.
const vector = `create or replace function search_vector(title text, tags text[], body text, description text, name text, labels text[])
  returns tsvector language sql stable parallel safe as $$
  with fields (content, head, weight, start, most) as (values
    (title, true, 'A', 0, 400), (array_to_string(tags, ' '), true, 'B', 500, 400),
    (body, false, 'C', 1000, 7900), (description, false, 'C', 9000, 2900), (name, false, 'D', 12000, 400)
  ), units as (
    select head, weight, start, most, ordinal, unit,
      case when unit ~ '^[${UNSPACED}]' then 'run' when unit ~ '^[${SYMBOLS}]' then 'symbol'
        when unit like '%-%' then 'compound' else 'word' end as kind
    from fields, regexp_matches(search_prepared(left(content, 100000)) collate "und-x-icu",
        '${WORD}(?:-${WORD})*|${SYMBOL}', 'g') with ordinality as found (m, ordinal),
      lateral (select lower(m[1] collate "und-x-icu")) as u (unit)
    where content <> ''
  ), placed as materialized (
    select head, weight, start, most, unit, kind, last - width as before, last from (
      select u.*, width, sum(width) over (partition by start order by ordinal)::integer as last
      from units u, lateral (select case kind when 'run' then char_length(unit)
        when 'compound' then 1 + char_length(unit) - char_length(replace(unit, '-', '')) else 1 end) as w (width)
    ) as counted
  ), parts as materialized (
    select part, left(replace(part, '''', ''), 64) as word, head, (start + least(before + nth, most)) || weight as place
    from (
      select unit as part, 1 as nth, p.* from placed p where kind = 'word'
      union all
      select s.part, s.nth::integer, p.* from placed p, string_to_table(unit, '-') with ordinality as s (part, nth)
        where kind = 'compound'
    ) as split
  ), joined as materialized (
    select left(translate(unit, '-''', ''), 64) as word, head,
      (start + least(before + 1, most)) || weight || ',' || (start + least(last, most)) || weight as places
    from placed where kind = 'compound' and last - before <= 4 and unit ~ '[^-''0-9]'
  ), pieces (piece, head) as (
    select word || ':' || place, head from parts
    union all
    select '~' || form || case when nth = 1 then ':' || place else '' end, head
      from parts, unnest(search_forms(word)) with ordinality as f (form, nth) where form <> word
    union all
    select '~' || search_fold(left(s, 64)) || ':' || place, head
      from parts, string_to_table(part, '''') as s where part like '%''%' and char_length(s) > 1
    union all
    select '~' || form || case when nth = 1 then ':' || places else '' end, head
      from joined, unnest(search_forms(word)) with ordinality as f (form, nth)
    union all
    select '%' || characters || ':' || (start + least(before + n, most)) || weight, head
      from placed, generate_series(1, char_length(unit)) as n,
        unnest(case when n = char_length(unit) then array[substr(unit, n, 1)]
          else array[substr(unit, n, 2), substr(unit, n, 1)] end) as characters
      where kind = 'run'
    union all
    select unit || ':' || (start + least(before + 1, most)) || weight, false
      from placed where kind = 'run' and char_length(unit) between 2 and 8
    union all
    select '%' || symbol || ':' || (start + least(before + 1, most)) || weight, head
      from placed, unnest(array[unit] || case when char_length(unit) > 1 then
        array(select c from string_to_table(unit, null) as c where c ~ '[${SYMBOLS}]' and c !~ '[${FLAG_LETTERS}]|${SKIN_TONE}')
        end) as symbol
      where kind = 'symbol'
  )
  select coalesce(string_agg(prefix || piece, ' '), '')::tsvector || array_to_tsvector(labels)
  from pieces, lateral (values (''), ('!')) as p (prefix) where prefix = '' or head $$`;

const vocabulary = `create or replace function search_vocabulary(terms tsvector)
  returns setof text language sql immutable strict parallel safe as $$
  select word from unnest(tsvector_to_array(ts_filter(terms, '{a,b,c}'))) as word
  where word !~ '^[~!#@%]' and char_length(word) between 2 and 40 and word !~ '^[0-9]+$' $$`;

// One row as long as items wait to be indexed anew: those after this id.
const backfill = [
  `create table search_backfill (after uuid primary key)`,
  `insert into search_backfill select '00000000-0000-0000-0000-000000000000' where exists (select from media)`,
];

// Emoji that look like text unless U+FE0F follows (UTS #51, Unicode 17): qualifyEmoji in app/util/emoji.ts adds it too.
const TEXT_BY_DEFAULT =
  '\\u00a9\\u00ae\\u203c\\u2049\\u2122\\u2139\\u2194-\\u2199\\u21a9-\\u21aa\\u2328\\u23cf\\u23ed-\\u23ef' +
  '\\u23f1-\\u23f2\\u23f8-\\u23fa\\u24c2\\u25aa-\\u25ab\\u25b6\\u25c0\\u25fb-\\u25fc\\u2600-\\u2604\\u260e' +
  '\\u2611\\u2618\\u261d\\u2620\\u2622-\\u2623\\u2626\\u262a\\u262e-\\u262f\\u2638-\\u263a\\u2640\\u2642' +
  '\\u265f-\\u2660\\u2663\\u2665-\\u2666\\u2668\\u267b\\u267e\\u2692\\u2694-\\u2697\\u2699\\u269b-\\u269c' +
  '\\u26a0\\u26a7\\u26b0-\\u26b1\\u26c8\\u26cf\\u26d1\\u26d3\\u26e9\\u26f0-\\u26f1\\u26f4\\u26f7-\\u26f9' +
  '\\u2702\\u2708-\\u2709\\u270c-\\u270d\\u270f\\u2712\\u2714\\u2716\\u271d\\u2721\\u2733-\\u2734\\u2744' +
  '\\u2747\\u2763-\\u2764\\u27a1\\u2934-\\u2935\\u2b05-\\u2b07\\u3030\\u303d\\u3297\\u3299' +
  '\\U0001f170-\\U0001f171\\U0001f17e-\\U0001f17f\\U0001f202\\U0001f237\\U0001f321\\U0001f324-\\U0001f32c' +
  '\\U0001f336\\U0001f37d\\U0001f396-\\U0001f397\\U0001f399-\\U0001f39b\\U0001f39e-\\U0001f39f' +
  '\\U0001f3cb-\\U0001f3ce\\U0001f3d4-\\U0001f3df\\U0001f3f3\\U0001f3f5\\U0001f3f7\\U0001f43f\\U0001f441' +
  '\\U0001f4fd\\U0001f549-\\U0001f54a\\U0001f56f-\\U0001f570\\U0001f573-\\U0001f579\\U0001f587' +
  '\\U0001f58a-\\U0001f58d\\U0001f590\\U0001f5a5\\U0001f5a8\\U0001f5b1-\\U0001f5b2\\U0001f5bc' +
  '\\U0001f5c2-\\U0001f5c4\\U0001f5d1-\\U0001f5d3\\U0001f5dc-\\U0001f5de\\U0001f5e1\\U0001f5e3\\U0001f5e8' +
  '\\U0001f5ef\\U0001f5f3\\U0001f5fa\\U0001f6cb\\U0001f6cd-\\U0001f6cf\\U0001f6e0-\\U0001f6e5\\U0001f6e9' +
  '\\U0001f6f0\\U0001f6f3';

// The most used of several tags stays. A name that would be too long goes without variation selectors.
const mergeTags = `do $$
  declare
    spelling record;
    kept integer;
    others integer[];
  begin
    for spelling in
      with bare as (
        select id, translate(name, U&'\\2018\\2019\\02bc\\2032\\fe0e\\fe0f', '''''''''') as name from tags
      ), qualified as (
        select id, name, regexp_replace(
          regexp_replace(name, '([${TEXT_BY_DEFAULT}])(?!${SKIN_TONE})', '\\1' || U&'\\fe0f', 'g'),
          '([0-9#*])(\\u20e3)', '\\1' || U&'\\fe0f' || '\\2', 'g') as full_name
        from bare
      ), spelled as (
        select id, case when char_length(full_name) <= 30 then full_name else name end as name from qualified
      )
      select s.name, array_agg(t.id order by t.uses desc, t.id) as ids
      from spelled s join tags t using (id) group by s.name
      having count(*) > 1 or min(t.name) <> s.name order by s.name
    loop
      kept := spelling.ids[1];
      others := spelling.ids[2:];
      insert into media_tags (media_id, tag_id)
        select distinct media_id, kept from media_tags where tag_id = any(others) on conflict do nothing;
      delete from media_tags where tag_id = any(others);
      delete from tags where id = any(others);
      update tags set name = spelling.name where id = kept and name <> spelling.name;
    end loop;
  end $$`;

const formerVector = `create or replace function search_vector(title text, tags text[], body text, description text, name text, labels text[])
    returns tsvector language sql stable parallel safe as $$
    with fields (content, head, weight, start, most) as (values
      (title, true, 'A', 0, 400), (array_to_string(tags, ' '), true, 'B', 500, 400),
      (body, false, 'C', 1000, 7900), (description, false, 'C', 9000, 2900), (name, false, 'D', 12000, 400)
    ), words as materialized (
      select left(lower(m[1] collate "und-x-icu"), 64) as word, head, (start + least(ordinal, most)) || weight as place
      from fields, regexp_matches(
        normalize(left(content, 100000), NFKC) collate "und-x-icu",
        '[[:alnum:]\\u0300-\\u036f\\u0900-\\u0dff\\u0e31-\\u0e4e\\u1000-\\u109f]+', 'g'
      ) with ordinality as found (m, ordinal)
      where content <> ''
    ), pieces as (
      select prefix || word || ':' || place as piece from words, lateral (values (''), ('!')) as p (prefix)
        where prefix = '' or head
      union all
      select prefix || '~' || form || case when nth = 1 then ':' || place else '' end
      from words, lateral unnest(search_forms(word)) with ordinality as f (form, nth),
        lateral (values (''), ('!')) as p (prefix)
      where form <> word and (prefix = '' or head)
    )
    select coalesce(string_agg(piece, ' '), '')::tsvector || array_to_tsvector(labels) from pieces $$`;

const formerVocabulary = `create or replace function search_vocabulary(terms tsvector) returns setof text language sql immutable strict parallel safe as $$
    select word from unnest(tsvector_to_array(ts_filter(terms, '{a,b,c}'))) as word
    where word !~ '^[~!#@]' and char_length(word) between 2 and 40 and word !~ '^[0-9]+$' $$`;
