import { BY_WORD } from './settings.ts';

/**
 * Returns words of the vocabulary that a user may have meant. Those with a given spelling come
 * first, then those with similar trigrams.
 *
 * Trigrams miss swapped letters: design and desgin share 3 of 11. So the caller gives these
 * spellings.
 */
export const searchSimilar = String.raw`
create or replace function search_similar(
  asked text,        -- a folded word
  spellings text[],  -- folded words that count as similar
  wanted integer     -- largest number of words by trigrams
)
returns table (word text, folded text, items integer) language plpgsql stable ${BY_WORD}
as $$
begin
  return query
    select w.word, w.folded, max(w.items) from search_words w
    where w.folded = any(spellings)
    group by w.word, w.folded;
  return query
    select w.word, w.folded, max(w.items) from search_words w
    where w.folded % asked and not w.folded = any(spellings)
    group by w.word, w.folded
    order by similarity(w.folded, asked) desc, max(w.items) desc, w.word limit wanted;
end $$`;
