/**
 * Returns the forms that find an inflected word: the folded word (always first), its English stem
 * and its Finnish stem.
 *
 * The Finnish Snowball stemmer leaves koira → koira but makes koirille → koir, and katu → katu but
 * kadulla → kadu. So the last vowels and the weak grade of the last consonant (d v g) are evened
 * out. The ending -nen becomes the -s of its other cases. A double nn ll rr mm also stands for the
 * strong nt lt rt mp.
 */
export const searchForms = String.raw`
create or replace function search_forms(
  word text  -- in lower case, without apostrophes and hyphens
)
returns text[] language plpgsql immutable strict parallel safe as $$
declare
  folded text := search_fold(word);
  forms text[] := array[folded];
  strong text;
  stem text;
begin
  if char_length(word) > 40 or word ~ '[0-9]' then return forms; end if;
  stem := (ts_lexize('english_stem', folded))[1];
  if stem is not null and not stem = any(forms) then forms := forms || stem; end if;
  strong := regexp_replace(word, '([nlrm])\1', '\1\1\1');
  for step in 1..2 loop
    if step = 2 then
      exit when strong = word;
      strong := replace(replace(replace(replace(strong,
        'nnn', 'nt'), 'lll', 'lt'), 'rrr', 'rt'), 'mmm', 'mp');
    end if;
    stem := (ts_lexize('finnish_stem', case step when 1 then word else strong end))[1];
    continue when stem is null;
    stem := search_fold(stem);
    if right(word, 3) = 'nen' and char_length(word) > 4 then
      stem := regexp_replace(stem, 'n(en)?$', 's');
    end if;
    stem := regexp_replace(stem, '^(.{3,}?)(is|[aeiouy]*j?[aeiouy]*)$', '\1');
    if stem ~ '[aeiouyn][dvg]$' and char_length(stem) > 2 then
      stem := left(stem, -1) || translate(right(stem, 1), 'dvg', 'tpk');
    end if;
    if not stem = any(forms) then forms := forms || stem; end if;
  end loop;
  return forms;
end $$`;
