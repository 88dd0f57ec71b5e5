import { BY_ID } from './settings.ts';

/** Scans items, newest first, and returns those that match. It serves queries of common words. */
export const searchNewestMatches = String.raw`
create or replace function search_newest_matches(
  query tsquery,
  bottom uuid,    -- lowest id, inclusive
  top uuid,       -- highest id, exclusive
  reach integer,  -- largest number of items to scan
  wanted integer  -- largest number of matches
)
returns setof uuid language plpgsql stable ${BY_ID}
as $$
begin
  return query
    select w.media_id from (
      select s.media_id, s.live, s.terms from media_search s
      where s.media_id >= bottom and s.media_id < top
      order by s.media_id desc limit reach) w
    where w.live and w.terms @@ query limit wanted;
end $$`;
