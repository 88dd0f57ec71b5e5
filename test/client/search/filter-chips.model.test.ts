import { describe, expect, it } from 'vitest';
import { filterChips, exactQuery, withoutFilters } from '../../../client/search/filter-chips.model.ts';

describe('chipsOf', () => {
  it('makes a chip of each filter, with the search as it is without it', () => {
    expect(filterChips('coffee tag:monday by:"Aino Maija"')).toEqual([
      { label: '#monday', rest: 'coffee by:"Aino Maija"' },
      { label: '@Aino Maija', rest: 'coffee tag:monday' },
    ]);
    expect(filterChips('before:2025-01-01')).toEqual([{ label: 'before: 2025-01-01', rest: '' }]);
  });

  it('shows what is excluded with a minus', () => {
    expect(filterChips('-tag:cat')).toEqual([{ label: '−#cat', rest: '' }]);
    expect(filterChips('-is:mine')).toEqual([{ label: '−is: mine', rest: '' }]);
  });

  it('leaves out what the row of filters shows itself, what is no filter, and what is not finished', () => {
    expect(filterChips('is:mine type:video is:trash')).toEqual([]);
    expect(filterChips('metag:x tag: "tag"')).toEqual([]);
  });
});

describe('wordsOf', () => {
  it('is the search without its filters', () => {
    expect(withoutFilters('hot  coffee tag:monday type:video -by:aino')).toBe('hot coffee');
    expect(withoutFilters('tag:monday')).toBe('');
  });
});

describe('insisted', () => {
  it('quotes the words that were corrected and leaves the others', () => {
    expect(exactQuery('Cofee tag:monday now', [{ from: 'cofee' }])).toBe('"Cofee" tag:monday now');
  });

  it('quotes all when the corrected word is not one by itself', () => {
    expect(exactQuery('don’t cofee', [{ from: 'fee' }])).toBe('"don’t cofee"');
    expect(exactQuery('"a" b', [{ from: 'c' }])).toBe('"a b"');
  });
});
