import { BY_WORD } from './settings.ts';

/** Returns the words of the vocabulary with these folded spellings. */
export const searchSpellings = String.raw`
create or replace function search_spellings(
  asked text[]  -- folded words
)
returns table (folded text, word text) language plpgsql stable ${BY_WORD}
as $$
begin
  return query select w.folded, w.word from search_words w where w.folded = any(asked);
end $$`;
