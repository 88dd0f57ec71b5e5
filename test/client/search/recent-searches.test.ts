import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clearSearches, recentSearches, saveSearch } from '../../../client/search/recent-searches.ts';

let stored: Map<string, string>;
beforeEach(() => {
  stored = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  });
});
afterEach(() => void vi.unstubAllGlobals());

describe('recent searches', () => {
  it('are told the latest first, each once, six of them', () => {
    for (const q of ['one', 'two', 'three', 'two', 'four', 'five', 'six', 'seven']) saveSearch('Aino', q);
    expect(recentSearches('Aino')).toEqual(['seven', 'six', 'five', 'four', 'two', 'three']);
  });

  it('leave out what was only the beginning of another, and what is too short', () => {
    for (const q of ['cof', 'Coffee', ' x ', '']) saveSearch('Aino', q);
    expect(recentSearches('Aino')).toEqual(['Coffee']);
  });

  it('are nobody else’s on the same device', () => {
    saveSearch('Aino', 'secret plans');
    expect(recentSearches('Louhi')).toEqual([]);
    saveSearch('Louhi', 'sampo');
    expect(recentSearches('Louhi')).toEqual(['sampo']);
    expect(recentSearches('Aino')).toEqual([]);
  });

  it('are forgotten when asked', () => {
    saveSearch('Aino', 'coffee');
    clearSearches();
    expect(recentSearches('Aino')).toEqual([]);
  });

  it.each(['not json', 'null', '{"who":"Aino"}', '{"who":"Aino","list":[1]}'])(
    'of another time (%s) count as none',
    (text) => {
      stored.set('searches', text);
      expect(recentSearches('Aino')).toEqual([]);
    },
  );

  it('are none where storage is blocked', () => {
    vi.stubGlobal('localStorage', undefined);
    saveSearch('Aino', 'coffee');
    expect(recentSearches('Aino')).toEqual([]);
  });
});
