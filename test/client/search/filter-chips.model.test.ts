import { describe, expect, it } from 'vitest';
import { filterChips, exactQuery } from '../../../client/search/filter-chips.model.ts';
import { describeQuery, filterLabel } from '../../../client/search/filter-labels.ts';
import { createI18n } from '../../../client/i18n/i18n.tsx';
import { common as english } from '../../../client/i18n/languages/en.ts';

const { t } = createI18n('en', english);

describe('filterChips', () => {
  it('makes a chip of each filter, with the query as it is without it', () => {
    expect(filterChips('coffee tag:monday by:"Aino Maija"')).toEqual([
      { filter: 'tag:monday', rest: 'coffee by:"Aino Maija"' },
      { filter: 'by:"Aino Maija"', rest: 'coffee tag:monday' },
    ]);
    expect(filterChips('before:2025-01-01')).toEqual([{ filter: 'before:2025-01-01', rest: '' }]);
  });

  it('leaves out what the row of filters shows itself, and what is no filter', () => {
    expect(filterChips('is:mine type:video')).toEqual([]);
    expect(filterChips('is:mine sort:oldest')).toEqual([]);
    expect(filterChips('is:favourite')).toEqual([]);
    expect(filterChips('metag:x tag: "tag"')).toEqual([]);
  });

  it('shows the trash, which the menu of the account opens, and keeps the order beside it', () => {
    expect(filterChips('is:trash')).toEqual([{ filter: 'is:trash', rest: '' }]);
    expect(filterChips('tag:cat sort:oldest')).toEqual([{ filter: 'tag:cat', rest: 'sort:oldest' }]);
  });

  it('shows two types, which no button of the row can show', () => {
    expect(filterChips('type:video type:gif').map(({ filter }) => filter)).toEqual([
      'type:video',
      'type:animation',
    ]);
  });
});

describe('filterLabel', () => {
  it('has no word of the query language', () => {
    const filters = ['tag:monday', '-tag:cat', 'by:"Aino Maija"', '-is:mine', 'is:failed', 'type:video'];
    expect(filters.map((filter) => filterLabel(filter, t))).toEqual([
      '#monday',
      '−#cat',
      '@Aino Maija',
      '−Mine',
      'Text not read',
      'Videos',
    ]);
    expect(filterLabel('before:2025', t)).toBe('< 2025');
    expect(filterLabel('after:2025', t)).toBe('≥ 2025');
    expect(filterLabel('tag:video', t)).toBe('#video');
    expect(describeQuery('hot type:gif coffee tag:x', t)).toBe('hot coffee · GIFs · #x');
    expect(describeQuery('is:trash', t)).toBe('Trash');
    expect(describeQuery('hot sort:oldest tag:x', t)).toBe('hot · #x');
  });
});

describe('exactQuery', () => {
  it('quotes the words that were corrected and leaves the others', () => {
    expect(exactQuery('Cofee tag:monday now', [{ from: 'cofee' }])).toBe('"Cofee" now tag:monday');
  });

  it('quotes all when the corrected word is not one by itself', () => {
    expect(exactQuery('don’t cofee', [{ from: 'fee' }])).toBe('"don’t cofee"');
    expect(exactQuery('"a" b', [{ from: 'c' }])).toBe('"a b"');
  });
});
