import { BY_WORD } from './settings.ts';

/** Returns the words of the vocabulary that contain another one, the most common first. */
export const searchContaining = String.raw`
create or replace function search_containing(
  asked text,     -- a folded word of letters and digits only
  wanted integer  -- largest number of words
)
returns setof text language plpgsql stable ${BY_WORD}
as $$
begin
  return query
    select w.word from search_words w
    where w.folded like '%' || asked || '%'
    group by w.word order by max(w.items) desc, w.word limit wanted;
end $$`;
