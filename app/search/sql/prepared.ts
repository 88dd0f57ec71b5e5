import { UNSPACED } from './characters.ts';

const APOSTROPHES = [
  String.raw`\0060\00b4\2018\2019\201b\2032\2035\02b9\02bb\02bc\02bd`,
  String.raw`\02be\02bf\02c8\02ca\02cb\055a\05f3\a78c\ff07\ff40`,
].join('');
const APOSTROPHE_COUNT = 21;
const HYPHENS = String.raw`\2010\2011\2012\2013\fe63\ff0d`;
const HYPHEN_COUNT = 6;
const INVISIBLE = String.raw`\00ad\2060\fe0e\fe0f\feff`;

/**
 * Reduces apostrophes and hyphens to one kind, drops invisible characters, and puts spaces around
 * characters that are written without them. The result is in NFKC.
 */
export const searchPrepared = String.raw`
create or replace function search_prepared(
  content text  -- a text as a user wrote it
)
returns text language sql immutable strict parallel safe as $$
  select case when content ~ '^[[:ascii:]]*$' then translate(content, U&'\0060', '''') else
    regexp_replace(
      normalize(
        translate(content, U&'${APOSTROPHES}${HYPHENS}${INVISIBLE}',
          '${"''".repeat(APOSTROPHE_COUNT)}${'-'.repeat(HYPHEN_COUNT)}'),
        NFKC),
      '([${UNSPACED}]+)', ' \1 ', 'g')
  end
$$`;
