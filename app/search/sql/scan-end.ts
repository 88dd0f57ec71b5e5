import { BY_ID } from './settings.ts';

/** Returns the item at which search_newest_matches ends; null when there are fewer items. */
export const searchScanEnd = String.raw`
create or replace function search_scan_end(
  bottom uuid,   -- lowest id, inclusive
  top uuid,      -- highest id, exclusive
  reach integer  -- number of items to scan
)
returns uuid language plpgsql stable ${BY_ID}
as $$
begin
  return (
    select s.media_id from media_search s
    where s.media_id >= bottom and s.media_id < top
    order by s.media_id desc offset reach - 1 limit 1);
end $$`;
