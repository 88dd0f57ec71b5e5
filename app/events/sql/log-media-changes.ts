/**
 * Writes the changed items to `media_changes` and notifies the listeners. A statement that changes
 * more than 1,000 items writes one entry without an id.
 *
 * The trigger's argument names the column of the transition table `changed` that has the item's id.
 */
export const logMediaChanges = String.raw`
create or replace function log_media_changes()
returns trigger language plpgsql as $$
declare
  listed integer;
begin
  execute format('select count(*) from (select distinct %I from changed limit 1001) few',
    tg_argv[0]) into listed;
  if listed > 1000 then
    insert into media_changes (media_id) values (null);
  else
    execute format('insert into media_changes (media_id) select distinct %I from changed', tg_argv[0]);
  end if;
  if listed > 0 then
    perform pg_notify('media_changes', '');
  end if;
  return null;
end $$`;

const TABLES = {
  media: 'id',
  media_tags: 'media_id',
  favourites: 'media_id',
  collection_items: 'media_id',
  merge_wishes: 'media_id',
};
const VERSIONS = { insert: 'new', update: 'new', delete: 'old' };

/** Calls log_media_changes once per statement, with the name of the column of the item's id. */
export const mediaChangeTriggers = Object.entries(TABLES).flatMap(([table, column]) =>
  Object.entries(VERSIONS).map(
    ([event, version]) => `create trigger ${table}_${event}_changes after ${event} on ${table}
      referencing ${version} table as changed
      for each statement execute function log_media_changes('${column}')`,
  ),
);
