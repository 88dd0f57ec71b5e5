import { describe, expect, it } from 'vitest';
import { parseQuery, type Query } from '../../../app/search/parse-query.ts';

const nothing: Query = {
  terms: [],
  without: [],
  filters: [],
  withoutFilters: [],
  after: null,
  before: null,
  like: [],
};
const words = (...all: string[]) => all.map((word) => ({ words: [word], quoted: false }));
const compound = (...all: string[]) => ({ words: all, quoted: false, joined: all.join('') });
const phrase = (...all: string[]) => ({ words: all, quoted: true });

const table: [text: string, query: Partial<Query>][] = [
  ['', {}],
  ['   ', {}],
  ['!!! ???', {}],
  ['koira', { terms: words('koira') }],
  ['KOIRA', { terms: words('koira') }],
  ['ＡＢＣ', { terms: words('abc') }],
  ['koira kissa', { terms: words('koira', 'kissa') }],
  ['koira-kissa', { terms: [compound('koira', 'kissa')] }],
  ['koira-kissa-kala-lehmä', { terms: [compound('koira', 'kissa', 'kala', 'lehmä')] }],
  ['a-b-c-d-e', { terms: words('a', 'b', 'c', 'd', 'e') }],
  ['2024-05', { terms: words('2024', '05') }],
  ['-e-mail', { without: [compound('e', 'mail')] }],
  ['"e-mail nyt"', { terms: [phrase('e', 'mail', 'nyt')] }],
  ['東', { terms: [phrase('%東')] }],
  ['東京都', { terms: [phrase('%東京', '%京都')] }],
  ['-東京', { without: [phrase('%東京')] }],
  ['"東京都 cat"', { terms: [phrase('%東京', '%京都', '%都', 'cat')] }],
  ['私のcat', { terms: [phrase('%私の'), ...words('cat')] }],
  ['🔥❤️', { terms: [phrase('%🔥'), phrase('%❤')] }],
  ['👨‍👩‍👧 👍🏽', { terms: [phrase('%👨‍👩‍👧'), phrase('%👍🏽')] }],
  ['🇫🇮🇸🇪', { terms: [phrase('%🇫🇮'), phrase('%🇸🇪')] }],
  ['tag:❤', { filters: [{ is: 'tag', tag: '❤️' }] }],
  ['kissa koira kissa', { terms: words('koira', 'kissa') }],
  ['a\u0308iti', { terms: words('äiti') }],
  ['"iso koira"', { terms: [phrase('iso', 'koira')] }],
  ['“iso koira”', { terms: [phrase('iso', 'koira')] }],
  ['«iso koira»', { terms: [phrase('iso', 'koira')] }],
  ['""', {}],
  ['"koira', { terms: words('koira') }],
  ['koira"', { terms: words('koira') }],
  ['"iso koira" kissa', { terms: [phrase('iso', 'koira'), ...words('kissa')] }],
  ['-koira', { without: words('koira') }],
  ['-"iso koira"', { without: [phrase('iso', 'koira')] }],
  ['-', {}],
  ['--', {}],
  ['kissa -koira', { terms: words('kissa'), without: words('koira') }],
  ['tag:koira', { filters: [{ is: 'tag', tag: 'koira' }] }],
  ['TAG:Koira', { filters: [{ is: 'tag', tag: 'koira' }] }],
  ['tag:"Iso Koira"', { filters: [{ is: 'tag', tag: 'iso-koira' }] }],
  ['tag:', { terms: words('tag') }],
  ['tag:""', { terms: words('tag') }],
  ['tag: koira', { terms: words('tag', 'koira') }],
  ['-tag:koira', { withoutFilters: [{ is: 'tag', tag: 'koira' }] }],
  ['type:video', { filters: [{ is: 'type', kind: 'video' }] }],
  ['type:GIF', { filters: [{ is: 'type', kind: 'animation' }] }],
  ['type:kuva', { filters: [{ is: 'type', kind: 'image' }] }],
  ['type:nonsense', { terms: words('type', 'nonsense') }],
  ['by:Aino', { filters: [{ is: 'by', name: 'aino' }] }],
  ['by:', { terms: words('by') }],
  ['is:mine', { filters: [{ is: 'mine' }] }],
  ['is:untagged -is:failed', { filters: [{ is: 'untagged' }], withoutFilters: [{ is: 'failed' }] }],
  ['is:nonsense', { terms: words('is', 'nonsense') }],
  ['before:2025', { before: Date.UTC(2025, 0, 1) }],
  ['before:2025-06', { before: Date.UTC(2025, 5, 1) }],
  ['after:2025-06-07', { after: Date.UTC(2025, 5, 7) }],
  ['after:2024 after:2025', { after: Date.UTC(2025, 0, 1) }],
  ['before:2025-13', { terms: words('before', '2025', '13') }],
  ['before:2025-02-30', { terms: words('before', '2025', '02', '30') }],
  ['after:yesterday', { terms: words('after', 'yesterday') }],
  ['http://example.com', { terms: words('http', 'example', 'com') }],
  ['12:30', { terms: words('12', '30') }],
  ['50% _off_', { terms: words('50', 'off') }],
  ['koira & !kissa | (x):*', { terms: words('koira', 'kissa', 'x') }],
  ["it's", { terms: words('its') }],
  ['“don’t panic”', { terms: [phrase('dont', 'panic')] }],
  ["'koira'", { terms: words('koira') }],
  ['-can´t', { without: words('cant') }],
];

describe('parseQuery', () => {
  it.each(table)('%j', (text, query) => expect(parseQuery(text)).toEqual({ ...nothing, ...query }));

  it('takes 32 words of 500', () => {
    const text = Array.from({ length: 500 }, (_, i) => `word${i}`).join(' ');
    expect(parseQuery(text).terms).toHaveLength(32);
  });

  it('takes 64 code points of a word', () => {
    expect(parseQuery('𝔘'.repeat(500)).terms[0]?.words[0]).toHaveLength(64);
  });
});
