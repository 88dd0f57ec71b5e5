import { FLAG_LETTERS, SKIN_TONE, SYMBOLS, UNIT, UNSPACED } from './characters.ts';

/**
 * Returns the lexemes that find an item (docs/search-index.md#lexemes).
 *
 * Weights tell the field: A title, B tags, C text and description, D file name. A position is one
 * part of a compound, one character or one symbol. Each field has its own range of positions, so
 * no phrase crosses fields.
 */
export const searchVector = String.raw`
create or replace function search_vector(
  title text,
  tags text[],       -- names of tags
  body text,         -- the text in the picture
  description text,
  name text,         -- the original file name
  labels text[]      -- lexemes as they are: #tag, @kind:video, @by:ID, @untagged, @failed
)
returns tsvector language sql stable parallel safe as $$
  with fields (content, head, weight, start, most) as (values
    (title, true, 'A', 0, 400),
    (array_to_string(tags, ' '), true, 'B', 500, 400),
    (body, false, 'C', 1000, 7900),
    (description, false, 'C', 9000, 2900),
    (name, false, 'D', 12000, 400)
  ),
  -- Words, compounds, runs of characters without spaces, and symbols.
  units as (
    select head, weight, start, most, ordinal, unit,
      case when unit ~ '^[${UNSPACED}]' then 'run'
        when unit ~ '^[${SYMBOLS}]' then 'symbol'
        when unit like '%-%' then 'compound'
        else 'word' end as kind
    from fields,
      regexp_matches(search_prepared(left(content, 100000)) collate "und-x-icu", '${UNIT}', 'g')
        with ordinality as found (m, ordinal),
      lateral (select lower(m[1] collate "und-x-icu")) as u (unit)
    where content <> ''
  ),
  placed as materialized (
    select head, weight, start, most, unit, kind, last - width as before, last
    from (
      select u.*, width, sum(width) over (partition by start order by ordinal)::integer as last
      from units u,
        lateral (select case kind
          when 'run' then char_length(unit)
          when 'compound' then 1 + char_length(unit) - char_length(replace(unit, '-', ''))
          else 1 end) as w (width)
    ) as counted
  ),
  parts as materialized (
    select part, left(replace(part, '''', ''), 64) as word, head,
      (start + least(before + nth, most)) || weight as place
    from (
      select unit as part, 1 as nth, p.* from placed p where kind = 'word'
      union all
      select s.part, s.nth::integer, p.*
      from placed p, string_to_table(unit, '-') with ordinality as s (part, nth)
      where kind = 'compound'
    ) as split
  ),
  -- A compound as one word, at its first and last position.
  joined as materialized (
    select left(translate(unit, '-''', ''), 64) as word, head,
      (start + least(before + 1, most)) || weight || ',' || (start + least(last, most)) || weight
        as places
    from placed
    where kind = 'compound' and last - before <= 4 and unit ~ '[^-''0-9]'
  ),
  pieces (piece, head) as (
    select word || ':' || place, head from parts
    union all
    -- Only the first form, the folded word, has a position: phrases need no stems.
    select '~' || form || case when nth = 1 then ':' || place else '' end, head
    from parts, unnest(search_forms(word)) with ordinality as f (form, nth)
    where form <> word
    union all
    -- The pieces beside apostrophes: l'avion is found by avion, rock'n'roll by n.
    select '~' || search_fold(left(s, 64)) || ':' || place, head
    from parts, string_to_table(part, '''') as s
    where part like '%''%'
    union all
    select '~' || form || case when nth = 1 then ':' || places else '' end, head
    from joined, unnest(search_forms(word)) with ordinality as f (form, nth)
    union all
    -- Each character with the next one, and alone.
    select '%' || characters || ':' || (start + least(before + n, most)) || weight, head
    from (
      select p.*, c, n, lead(c) over (partition by start, before order by n) as next
      from placed p, string_to_table(unit, null) with ordinality as s (c, n)
      where kind = 'run'
    ) as run,
      unnest(case when next is null then array[c] else array[c || next, c] end) as characters
    union all
    -- A short run is also a word of the vocabulary.
    select unit || ':' || (start + least(before + 1, most)) || weight, false
    from placed
    where kind = 'run' and char_length(unit) between 2 and 8
    union all
    -- A symbol, and its parts without skin tones.
    select '%' || symbol || ':' || (start + least(before + 1, most)) || weight, head
    from placed, unnest(array[unit] || case when char_length(unit) > 1 then array(
        select c from string_to_table(unit, null) as c
        where c ~ '[${SYMBOLS}]' and c !~ '[${FLAG_LETTERS}]|${SKIN_TONE}')
      end) as symbol
    where kind = 'symbol'
  )
  -- A mark tells titles and tags from other fields, because the index stores no weights.
  select coalesce(string_agg(prefix || piece, ' '), '')::tsvector || array_to_tsvector(labels)
  from pieces, lateral (values (''), ('!')) as p (prefix)
  where prefix = '' or head
$$`;
