/**
 * Counts the words of the vocabulary and the uses of tags, as search rows change.
 *
 * Counts of words are approximate beyond 64: a step of a 64th, taken with matching probability
 * (R. Morris, "Counting large numbers of events in small registers", 1978). Rows that another
 * transaction is counting are skipped, so no transaction waits for a common word. Counts of tags
 * are exact, and tags are locked in the order of their ids. That lock lets foreign keys pass.
 */
export const searchVocabularyChanged = String.raw`
create or replace function search_vocabulary_changed()
returns trigger language plpgsql as $$
declare
  words text[];
  word_deltas integer[];
  labels text[];
  label_deltas integer[];
begin
  if tg_op = 'INSERT' then
    select array_agg(w), array_agg(d) into words, word_deltas from (
      select w, count(*) as d from added, search_vocabulary(terms) w where live group by w) s;
    select array_agg(l), array_agg(d) into labels, label_deltas from (
      select substr(l, 2) as l, count(*) as d
      from added, unnest(tsvector_to_array(terms)) l
      where live and l like '#%' group by l) s;
  elsif tg_op = 'DELETE' then
    select array_agg(w), array_agg(d) into words, word_deltas from (
      select w, -count(*) as d from removed, search_vocabulary(terms) w where live group by w) s;
    select array_agg(l), array_agg(d) into labels, label_deltas from (
      select substr(l, 2) as l, -count(*) as d
      from removed, unnest(tsvector_to_array(terms)) l
      where live and l like '#%' group by l) s;
  else
    select array_agg(w), array_agg(d) into words, word_deltas from (
      select w, sum(d) as d from (
        select w, 1 as d from added, search_vocabulary(terms) w where live
        union all
        select w, -1 from removed, search_vocabulary(terms) w where live) s
      group by w having sum(d) <> 0) s;
    select array_agg(l), array_agg(d) into labels, label_deltas from (
      select substr(l, 2) as l, sum(d) as d from (
        select l, 1 as d from added, unnest(tsvector_to_array(terms)) l
        where live and l like '#%'
        union all
        select l, -1 from removed, unnest(tsvector_to_array(terms)) l
        where live and l like '#%') s
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
      from counted
      where s.ctid = place and (abs(d) >= step or random() < abs(d)::float8 / step);
    if -1 >= any(word_deltas) then
      delete from search_words where ctid = any(array(
        select ctid from search_words where word = any(words) and items <= 0
        for update skip locked));
    end if;
  end if;

  if labels is not null then
    perform from tags where name = any(labels) order by id for no key update;
    update tags set uses = uses + d from unnest(labels, label_deltas) as c (l, d) where name = l;
  end if;
  return null;
end $$`;

/** Calls search_vocabulary_changed once per statement. */
export const searchRowTriggers = [
  `create trigger search_added after insert on media_search referencing new table as added
    for each statement execute function search_vocabulary_changed()`,
  `create trigger search_updated after update on media_search
    referencing old table as removed new table as added
    for each statement execute function search_vocabulary_changed()`,
  `create trigger search_removed after delete on media_search referencing old table as removed
    for each statement execute function search_vocabulary_changed()`,
];
