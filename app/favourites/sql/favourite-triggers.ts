/**
 * Reindexes items that somebody added to the favourites or removed from them, once per statement.
 * The search row has a label for each user (app/search/sql/reindex.ts).
 */
export const favouriteTriggers = [
  `create trigger media_favoured after insert on favourites referencing new table as changed
    for each statement execute function search_tagging_changed()`,
  `create trigger media_unfavoured after delete on favourites referencing old table as changed
    for each statement execute function search_tagging_changed()`,
];
