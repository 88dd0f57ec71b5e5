import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../app/search/parse-query.ts';
import {
  hasFilter,
  joinQuery,
  queryFromUrl,
  queryToUrl,
  splitQuery,
  takeSort,
  typeFilter,
  withFilter,
  withTypeFilter,
} from '../../../client/library/query-filters.ts';

describe('splitQuery', () => {
  it('separates the filters from the words, wherever they are', () => {
    expect(splitQuery('tag:cat hot type:video coffee -by:"Aino Maija"')).toEqual({
      words: 'hot coffee',
      filters: ['tag:cat', 'type:video', '-by:"Aino Maija"'],
    });
  });

  it('writes each filter in one way', () => {
    expect(splitQuery('TYPE:GIF is:Mine type:Image tag:“iso koira”').filters).toEqual([
      'type:animation',
      'is:mine',
      'type:image',
      'tag:"iso koira"',
    ]);
  });

  it('leaves as words what the server takes as words', () => {
    for (const text of [
      'type:nonsense',
      'is:nice',
      'tag:',
      'tag:""',
      'metag:x',
      'constructor:x',
      '"say tag:x now"',
      'before:2024-13',
      '-before:2024',
      '-is:trash',
      '12:30',
    ]) {
      expect(splitQuery(text), text).toEqual({ words: text, filters: [] });
      expect(parseQuery(text).filters, text).toEqual([]);
    }
  });

  it('finds the filters that the server finds', () => {
    for (const text of ['koira tag:x', '-tag:"a b" by:aino kissa', 'is:failed type:gif', 'foo-tag:x tag:y']) {
      const { words, filters } = splitQuery(text);
      const known = parseQuery(text);
      expect(filters, text).toHaveLength(known.filters.length + known.withoutFilters.length);
      expect(parseQuery(words).terms, text).toEqual(known.terms);
    }
  });

  it('takes a filter at the end for unfinished while it is typed', () => {
    expect(splitQuery('coffee tag:mon', true)).toEqual({ words: 'coffee tag:mon', filters: [] });
    expect(splitQuery('coffee tag:mon ', true)).toEqual({ words: 'coffee ', filters: ['tag:mon'] });
  });
});

describe('the query in a URL', () => {
  it.each([
    ['', ''],
    ['koira', '?q=koira'],
    ['type:video', '?type=video'],
    ['grumpy type:animation', '?q=grumpy&type=animation'],
    ['iso "musta koira" tag:"iso koira" tag:x', '?q=iso+%22musta+koira%22&tag=iso+koira&tag=x'],
    ['-tag:kissa is:mine', '?-tag=kissa&is=mine'],
    ['koira is:favourite', '?q=koira&is=favourite'],
    ['after:2024-05 before:2025', '?after=2024-05&before=2025'],
  ])('%s', (q, url) => {
    expect(queryToUrl(q)).toBe(url);
    expect(queryFromUrl(url)).toBe(q);
  });

  it('of an older release still opens, with its filters among the words', () => {
    expect(queryFromUrl('?q=type%3Aanimation%20grumpy')).toBe('grumpy type:animation');
    expect(queryFromUrl('?q=is:trash')).toBe('is:trash');
    expect(queryFromUrl('?q=koira&tag=x&q=kissa')).toBe('koira tag:x');
  });

  it('holds nothing that is no filter', () => {
    expect(queryFromUrl('?shared=kept&type=nonsense&constructor=x&q=a')).toBe('a');
  });
});

describe('a change of one filter', () => {
  it('keeps the words and the other filters', () => {
    expect(withTypeFilter('grumpy tag:x type:video', 'image')).toBe('grumpy tag:x type:image');
    expect(withTypeFilter('grumpy type:video', null)).toBe('grumpy');
    expect(withFilter('grumpy is:mine', 'is:untagged', true)).toBe('grumpy is:mine is:untagged');
    expect(withFilter('grumpy is:mine', 'is:mine', false)).toBe('grumpy');
    expect(joinQuery({ words: ' a  b ', filters: ['tag:x', 'tag:x'] })).toBe('a b tag:x');
  });

  it('knows the type only if there is one', () => {
    expect(typeFilter('type:gif cat')).toBe('animation');
    expect(typeFilter('type:gif type:video')).toBeNull();
    expect(typeFilter('cat')).toBeNull();
    expect(hasFilter('cat is:mine', 'is:mine')).toBe(true);
    expect(hasFilter('"is:mine"', 'is:mine')).toBe(false);
  });
});

describe('an order', () => {
  it('is apart from the words and the filters, and one parameter of the address', () => {
    expect(takeSort('kissa type:video sort:shared')).toEqual({ sort: 'shared', rest: 'kissa type:video' });
    expect(takeSort('kissa')).toEqual({ sort: undefined, rest: 'kissa' });
    expect(takeSort('sort:largest')).toEqual({ sort: undefined, rest: 'sort:largest' });
    expect(takeSort('"my sort:oldest cat"').sort).toBeUndefined();
    expect(queryToUrl('kissa sort:oldest')).toBe('?q=kissa&sort=oldest');
    expect(queryFromUrl('?sort=oldest&q=kissa')).toBe('kissa sort:oldest');
    expect(queryFromUrl('?sort=largest')).toBe('');
  });
});
