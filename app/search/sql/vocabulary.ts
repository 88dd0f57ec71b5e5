/** Returns the words of an item that the vocabulary counts. Words of file names are not counted. */
export const searchVocabulary = String.raw`
create or replace function search_vocabulary(
  terms tsvector  -- the lexemes of an item (search_vector)
)
returns setof text language sql immutable strict parallel safe as $$
  select word
  from unnest(tsvector_to_array(ts_filter(terms, '{a,b,c}'))) as word
  where word !~ '^[~!#@%]' and char_length(word) between 2 and 40 and word !~ '^[0-9]+$'
$$`;
