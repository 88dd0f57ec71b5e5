/**
 * Removes diacritics and writes ligatures as letters. `fold` in app/search/text/words.ts does the
 * same. The extension unaccent is not used, because its rules depend on the installation.
 */
export const searchFold = String.raw`
create or replace function search_fold(
  word text  -- in lower case
)
returns text language sql immutable strict parallel safe as $$
  select case when word ~ '^[[:ascii:]]*$' then word else
    regexp_replace(
      normalize(
        translate(
          replace(replace(replace(replace(word, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
          'øłđðħıŧŋ', 'olddhitn'),
        NFKD),
      '[\u0300-\u036f]', '', 'g')
  end
$$`;
