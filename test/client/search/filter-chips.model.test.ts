import { describe, expect, it } from 'vitest';
import { chipsOf, insisted, wordsOf } from '../../../client/search/filter-chips.model.ts';

describe('chipsOf', () => {
  it('makes a chip of each filter, with the search as it is without it', () => {
    expect(chipsOf('coffee tag:monday by:"Aino Maija"')).toEqual([
      { label: '#monday', rest: 'coffee by:"Aino Maija"' },
      { label: '@Aino Maija', rest: 'coffee tag:monday' },
    ]);
    expect(chipsOf('before:2025-01-01')).toEqual([{ label: 'before: 2025-01-01', rest: '' }]);
  });

  it('shows what is excluded with a minus', () => {
    expect(chipsOf('-tag:cat')).toEqual([{ label: '−#cat', rest: '' }]);
    expect(chipsOf('-is:mine')).toEqual([{ label: '−is: mine', rest: '' }]);
  });

  it('leaves out what the row of filters shows itself, what is no filter, and what is not finished', () => {
    expect(chipsOf('is:mine type:video is:trash')).toEqual([]);
    expect(chipsOf('metag:x tag: "tag"')).toEqual([]);
  });
});

describe('wordsOf', () => {
  it('is the search without its filters', () => {
    expect(wordsOf('hot  coffee tag:monday type:video -by:aino')).toBe('hot coffee');
    expect(wordsOf('tag:monday')).toBe('');
  });
});

describe('insisted', () => {
  it('quotes the words that were corrected and leaves the others', () => {
    expect(insisted('Cofee tag:monday now', [{ from: 'cofee' }])).toBe('"Cofee" tag:monday now');
  });

  it('quotes all when the corrected word is not one by itself', () => {
    expect(insisted('don’t cofee', [{ from: 'fee' }])).toBe('"don’t cofee"');
    expect(insisted('"a" b', [{ from: 'c' }])).toBe('"a b"');
  });
});
