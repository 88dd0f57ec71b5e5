import { BY_WORD } from './settings.ts';

/**
 * Looks up all matches in the inverted index and returns the newest ones. It serves queries of
 * rare words.
 *
 * `offset 0` keeps PostgreSQL from looking up the outer conditions, too.
 */
export const searchIndexMatches = String.raw`
create or replace function search_index_matches(
  indexed tsquery,  -- looked up in the index; it may leave out expensive parts of query
  query tsquery,    -- checked on the rows found, if it differs
  bottom uuid,      -- lowest id, inclusive
  top uuid,         -- highest id, exclusive
  wanted integer    -- largest number of matches
)
returns setof uuid language plpgsql stable ${BY_WORD}
as $$
begin
  return query
    select c.media_id from (
      select s.media_id, s.live, s.terms from media_search s
      where s.terms @@ indexed offset 0) c
    where c.live and c.media_id >= bottom and c.media_id < top
      and (indexed = query or c.terms @@ query)
    order by c.media_id desc limit wanted;
end $$`;
