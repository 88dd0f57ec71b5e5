import { sql, type Kysely } from 'kysely';

/**
 * Tags, and the search index: one narrow row per item with everything it can be found by, kept by triggers in the
 * transaction of every change, and the vocabulary of the folder. docs/search.md describes the lexemes.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create extension if not exists pg_trgm`.execute(db);
  await sql`drop index media_search`.execute(db);
  await sql`alter table media drop column search`.execute(db);
  for (const statement of [...tables, ...textFunctions, ...upkeep, ...lookup]) {
    await sql.raw(statement).execute(db);
  }
  await sql`select search_reindex(array(select id from media))`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop function search_page, search_walk, search_gather, search_estimate cascade`.execute(db);
  await sql`drop function search_media_changed, search_tagging_changed, search_tag_renamed,
    search_vocabulary_changed cascade`.execute(db);
  await db.schema.dropTable('media_tags').execute();
  await db.schema.dropTable('tags').execute();
  await db.schema.dropTable('search_words').execute();
  await db.schema.dropTable('media_search').execute();
  await sql`drop function search_reindex, search_vector, search_forms, search_fold, search_vocabulary`.execute(
    db,
  );
  await sql`alter table media add column search tsvector not null generated always as (
      setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('finnish', title), 'A') ||
      setweight(to_tsvector('english', title), 'A') ||
      setweight(to_tsvector('simple', description || ' ' || original_name), 'C') ||
      setweight(to_tsvector('finnish', description), 'C') || setweight(to_tsvector('english', description), 'C') ||
      setweight(to_tsvector('simple', text), 'B') || setweight(to_tsvector('finnish', text), 'B') ||
      setweight(to_tsvector('english', text), 'B')
    ) stored`.execute(db);
  await sql`create index media_search on media using gin (search) with (fastupdate = off)`.execute(db);
}

const tables = [
  // `name` is normalised before it comes here (NFKC, lower case, hyphens for spaces): equal text is the same tag.
  // `uses` counts the items outside the trash.
  `create table tags (
    id integer generated always as identity primary key,
    name text not null unique check (char_length(name) between 1 and 30),
    uses integer not null default 0
  )`,
  `create index tags_prefix on tags (name text_pattern_ops)`,
  `create index tags_similar on tags using gin (name gin_trgm_ops)`,
  `create table media_tags (
    media_id uuid not null references media on delete cascade,
    tag_id integer not null references tags on delete cascade,
    primary key (media_id, tag_id)
  )`,
  `create index media_tags_tag on media_tags (tag_id, media_id)`,

  // Apart from media, because searches that walk newest first read many rows: these are narrow.
  `create table media_search (
    media_id uuid primary key references media on delete cascade,
    live boolean not null,
    lot double precision not null default random(),
    terms tsvector not null
  )`,
  // Compressed in place rather than moved out of line, which every walked row would pay for.
  `alter table media_search alter column terms set storage main`,
  // 3,000 lexemes with their frequency: what search_estimate can tell apart.
  `alter table media_search alter column terms set statistics 300`,
  `create index media_search_terms on media_search using gin (terms) with (fastupdate = off)`,
  `create index media_search_lot on media_search (lot) where live`,
  `create index media_trashed on media (id desc) where deleted_at is not null`,

  // No unique key on purpose: two transactions that bring the same new word must not wait for each other. A double is
  // harmless, readers group by word.
  `create table search_words (word text not null, folded text not null, items integer not null)`,
  `create index search_words_word on search_words (word text_pattern_ops)`,
  `create index search_words_folded on search_words (folded text_pattern_ops)`,
  `create index search_words_items on search_words (items desc)`,
  `create index search_words_similar on search_words using gin (folded gin_trgm_ops)`,
];

const textFunctions = [
  // Without diacritics. No unaccent: that one is an extension whose rules depend on the installation.
  `create function search_fold(word text) returns text language sql immutable strict parallel safe as $$
    select case when word ~ '^[[:ascii:]]*$' then word else
      regexp_replace(normalize(translate(replace(replace(replace(replace(word,
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'øłđðħıŧŋ', 'olddhitn'), NFKD), '[\\u0300-\\u036f]', '', 'g')
    end $$`,

  // What an inflected word is found by: itself folded (always first), its English stem and its Finnish stem. The Finnish
  // Snowball stemmer leaves koira → koira but koirille → koir and katu → katu but kadulla → kadu: the last vowels
  // and the weak grade of the last consonant (d v g) are evened out after it, -nen becomes the -s of its other cases,
  // and a double nn ll rr mm also stands for the strong nt lt rt mp.
  `create function search_forms(word text) returns text[] language plpgsql immutable strict parallel safe as $$
    declare
      folded text := search_fold(word);
      forms text[] := array[folded];
      strong text;
      stem text;
    begin
      if char_length(word) > 40 or word ~ '[0-9]' then return forms; end if;
      stem := (ts_lexize('english_stem', folded))[1];
      if stem is not null and not stem = any(forms) then forms := forms || stem; end if;
      strong := regexp_replace(word, '([nlrm])\\1', '\\1\\1\\1');
      for step in 1..2 loop
        if step = 2 then
          exit when strong = word;
          strong := replace(replace(replace(replace(strong, 'nnn', 'nt'), 'lll', 'lt'), 'rrr', 'rt'), 'mmm', 'mp');
        end if;
        stem := (ts_lexize('finnish_stem', case step when 1 then word else strong end))[1];
        continue when stem is null;
        stem := search_fold(stem);
        if right(word, 3) = 'nen' and char_length(word) > 4 then stem := regexp_replace(stem, 'n(en)?$', 's'); end if;
        stem := regexp_replace(stem, '^(.{3,}?)(is|[aeiouy]*j?[aeiouy]*)$', '\\1');
        if stem ~ '[aeiouyn][dvg]$' and char_length(stem) > 2 then
          stem := left(stem, -1) || translate(right(stem, 1), 'dvg', 'tpk');
        end if;
        if not stem = any(forms) then forms := forms || stem; end if;
      end loop;
      return forms;
    end $$`,

  // The lexemes of an item: every word as written (w), its other forms (~f), both again with ! when they stand in the
  // title or a tag, and labels (#tag, @kind:…). Weights say where: A title, B tags, C text and description, D file name.
  `create function search_vector(title text, tags text[], body text, description text, name text, labels text[])
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
    select coalesce(string_agg(piece, ' '), '')::tsvector || array_to_tsvector(labels) from pieces $$`,

  `create function search_vocabulary(terms tsvector) returns setof text language sql immutable strict parallel safe as $$
    select word from unnest(tsvector_to_array(ts_filter(terms, '{a,b,c}'))) as word
    where word !~ '^[~!#@]' and char_length(word) between 2 and 40 and word !~ '^[0-9]+$' $$`,
];

const upkeep = [
  `create function search_reindex(ids uuid[]) returns void language sql as $$
    insert into media_search (media_id, live, terms)
    select m.id, m.deleted_at is null,
      search_vector(m.title, t.names, m.text, m.description, m.original_name,
        array_remove(array['@kind:' || m.kind, '@by:' || m.owner_id::text,
          case when t.names = '{}' then '@untagged' end, case when m.state = 'failed' then '@failed' end], null)
        || array(select '#' || n from unnest(t.names) n))
    from media m, lateral (
      select array(select name from media_tags join tags on tags.id = tag_id where media_id = m.id order by name)
    ) as t (names)
    where m.id = any(ids)
    order by m.id
    on conflict (media_id) do update set live = excluded.live, terms = excluded.terms $$`,

  `create function search_media_changed() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then
        perform search_reindex(array(select id from changed));
      else
        perform search_reindex(array(
          select n.id from changed n join former o using (id)
          where (n.title, n.description, n.text, n.original_name, n.kind, n.owner_id, n.state = 'failed', n.deleted_at is null)
            is distinct from
            (o.title, o.description, o.text, o.original_name, o.kind, o.owner_id, o.state = 'failed', o.deleted_at is null)));
      end if;
      return null;
    end $$`,
  `create trigger media_inserted after insert on media referencing new table as changed
    for each statement execute function search_media_changed()`,
  `create trigger media_updated after update on media referencing old table as former new table as changed
    for each statement execute function search_media_changed()`,

  `create function search_tagging_changed() returns trigger language plpgsql as $$
    begin
      perform search_reindex(array(select distinct media_id from changed));
      return null;
    end $$`,
  `create trigger media_tagged after insert on media_tags referencing new table as changed
    for each statement execute function search_tagging_changed()`,
  `create trigger media_untagged after delete on media_tags referencing old table as changed
    for each statement execute function search_tagging_changed()`,

  // The re-index counts the new name's uses anew.
  `create function search_tag_renamed() returns trigger language plpgsql as $$
    begin
      if tg_when = 'BEFORE' then
        new.uses := 0;
        return new;
      end if;
      perform search_reindex(array(select media_id from media_tags where tag_id = new.id));
      return null;
    end $$`,
  `create trigger tag_renaming before update of name on tags for each row
    when (old.name <> new.name) execute function search_tag_renamed()`,
  `create trigger tag_renamed after update of name on tags for each row
    when (old.name <> new.name) execute function search_tag_renamed()`,

  // Counts of words are approximate beyond 64 (a step of a 64th, taken with matching probability: R. Morris, "Counting
  // large numbers of events in small registers", 1978) and skip rows that another transaction is counting, so that
  // nobody waits for a common word. Counts of tags are exact, and locked in order.
  `create function search_vocabulary_changed() returns trigger language plpgsql as $$
    declare
      words text[]; word_deltas integer[];
      labels text[]; label_deltas integer[];
    begin
      if tg_op = 'INSERT' then
        select array_agg(w), array_agg(d) into words, word_deltas from (
          select w, count(*) as d from added, search_vocabulary(terms) w where live group by w) s;
        select array_agg(l), array_agg(d) into labels, label_deltas from (
          select substr(l, 2) as l, count(*) as d from added, unnest(tsvector_to_array(terms)) l where live and l like '#%' group by l) s;
      elsif tg_op = 'DELETE' then
        select array_agg(w), array_agg(d) into words, word_deltas from (
          select w, -count(*) as d from removed, search_vocabulary(terms) w where live group by w) s;
        select array_agg(l), array_agg(d) into labels, label_deltas from (
          select substr(l, 2) as l, -count(*) as d from removed, unnest(tsvector_to_array(terms)) l where live and l like '#%' group by l) s;
      else
        select array_agg(w), array_agg(d) into words, word_deltas from (
          select w, sum(d) as d from (
            select w, 1 as d from added, search_vocabulary(terms) w where live
            union all select w, -1 from removed, search_vocabulary(terms) w where live) s
          group by w having sum(d) <> 0) s;
        select array_agg(l), array_agg(d) into labels, label_deltas from (
          select substr(l, 2) as l, sum(d) as d from (
            select l, 1 as d from added, unnest(tsvector_to_array(terms)) l where live and l like '#%'
            union all select l, -1 from removed, unnest(tsvector_to_array(terms)) l where live and l like '#%') s
          group by l having sum(d) <> 0) s;
      end if;

      if words is not null then
        insert into search_words (word, folded, items)
          select w, search_fold(w), 0 from unnest(words, word_deltas) as c (w, d)
          where d > 0 and not exists (select from search_words s where s.word = w);
        with counted as (
          select s.ctid as place, d, greatest(1, s.items / 64) as step
          from search_words s join unnest(words, word_deltas) as c (w, d) on s.word = w
          for update of s skip locked
        )
        update search_words s
          set items = s.items + case when abs(d) >= step then d else sign(d)::integer * step end
          from counted where s.ctid = place and (abs(d) >= step or random() < abs(d)::float8 / step);
        if -1 >= any(word_deltas) then
          delete from search_words where ctid = any(array(
            select ctid from search_words where word = any(words) and items <= 0 for update skip locked));
        end if;
      end if;
      if labels is not null then
        perform from tags where name = any(labels) order by id for update;
        update tags set uses = uses + d from unnest(labels, label_deltas) as c (l, d) where name = l;
      end if;
      return null;
    end $$`,
  `create trigger search_added after insert on media_search referencing new table as added
    for each statement execute function search_vocabulary_changed()`,
  `create trigger search_updated after update on media_search referencing old table as removed new table as added
    for each statement execute function search_vocabulary_changed()`,
  `create trigger search_removed after delete on media_search referencing old table as removed
    for each statement execute function search_vocabulary_changed()`,
];

// The planner's own choices are taken away from it where they go wrong at a million rows: a scan of the whole table, JIT
// and parallel workers for a millisecond's work, a generic plan on a long connection. Set on the functions, it holds
// through any pooler.
const settings = `set enable_seqscan = off set jit = off set max_parallel_workers_per_gather = 0
  set plan_cache_mode = force_custom_plan`;

const lookup = [
  // How many rows the planner believes to match: from the statistics of autovacuum's ANALYZE, nothing is read.
  // Volatile because PostgreSQL counts EXPLAIN among the commands that might write.
  `create function search_estimate(query tsquery) returns double precision language plpgsql volatile ${settings} as $$
    declare plan json;
    begin
      execute format('explain (format json) select from media_search where terms @@ %L::tsquery', query::text) into plan;
      return (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8;
    end $$`,

  // Newest first through at most "reach" items: for what many items have.
  `create function search_walk(query tsquery, bottom uuid, top uuid, reach integer, wanted integer)
    returns setof uuid language plpgsql stable ${settings} set enable_bitmapscan = off set enable_sort = off as $$
    begin
      return query select w.media_id from (
        select s.media_id, s.live, s.terms from media_search s where s.media_id >= bottom and s.media_id < top
        order by s.media_id desc limit reach) w
      where w.live and w.terms @@ query limit wanted;
    end $$`,

  // Every match from the inverted index, then the newest of them: for what few items have. "indexed" finds candidates,
  // "query" decides.
  `create function search_gather(indexed tsquery, query tsquery, bottom uuid, top uuid, wanted integer)
    returns setof uuid language plpgsql stable ${settings} set enable_indexscan = off set enable_indexonlyscan = off as $$
    begin
      return query select g.media_id from (
        select s.media_id from media_search s
        where s.terms @@ indexed and s.terms @@ query and s.live and s.media_id >= bottom and s.media_id < top offset 0) g
      order by g.media_id desc limit wanted;
    end $$`,

  // A page over tiers of falling quality, newest first within each; it stops as soon as it is full. Between walking and
  // gathering decides the cheaper estimate (a walked row costs about 0.4 of a gathered one); a walk is cut off after
  // three times its estimate and the rest gathered, so a wrong estimate costs little.
  // "indexed" and "queries" go in pairs, one pair a tier; "thin" is how much rarer a phrase is than its words.
  `create function search_page(indexed tsquery[], queries tsquery[], thin double precision,
      from_tier integer, bottom uuid, top uuid, below uuid, wanted integer)
    returns table (item uuid, tier integer) language plpgsql stable ${settings} as $$
    declare
      items double precision := (select greatest(reltuples, 1) from pg_class where oid = 'media_search'::regclass);
      missing integer := wanted;
      got integer;
      upper_bound uuid;
      candidates double precision;
      matches double precision;
      reach double precision;
    begin
      for k in from_tier..array_length(queries, 1) loop
        upper_bound := case when k = from_tier then least(below, top) else top end;
        candidates := search_estimate(indexed[k]);
        matches := greatest(1, thin * case when indexed[k] = queries[k] then candidates else search_estimate(queries[k]) end);
        reach := missing * items / matches;
        if reach * 0.4 < candidates then
          reach := least(50000, greatest(500, 3 * reach));
          return query select w, k from search_walk(queries[k], bottom, upper_bound, reach::integer, missing) w;
          get diagnostics got = row_count;
          missing := missing - got;
          exit when missing = 0;
          upper_bound := (select m from (
            select s.media_id as m from media_search s where s.media_id >= bottom and s.media_id < upper_bound
            order by s.media_id desc limit reach::integer) walked order by m limit 1);
          continue when upper_bound is null;
        end if;
        return query select g, k from search_gather(indexed[k], queries[k], bottom, upper_bound, missing) g;
        get diagnostics got = row_count;
        missing := missing - got;
        exit when missing = 0;
      end loop;
    end $$`,
];
