import { describe, expect, it } from 'vitest';
import { complete, suggestionOptions } from '../../../client/search/suggestions.model.ts';
import { common as en } from '../../../client/i18n/languages/en.ts';
import { common as fi } from '../../../client/i18n/languages/fi.ts';
import type { I18n } from '../../../client/i18n/i18n.tsx';

const translate =
  (texts: Readonly<Record<string, unknown>>): I18n['t'] =>
  (key, ..._values) =>
    String(texts[key]);
const none = { typed: '', tags: [], people: [], collections: [], words: [] };
const inserts = (q: string, texts: Readonly<Record<string, unknown>> = en) =>
  suggestionOptions(q, translate(texts), none).map(({ insert }) => insert);

describe('suggestionOptions', () => {
  it('offers the filters of is: by their name in the language or the search', () => {
    expect(inserts('koira is:')).toEqual(['is:favourite', 'is:mine', 'is:untagged', 'is:failed', 'is:trash']);
    expect(inserts('is:FAV')).toEqual(['is:favourite']);
    expect(inserts('is:suos', fi)).toEqual(['is:favourite']);
    expect(inserts('is:fav', fi)).toEqual(['is:favourite']);
    expect(inserts('is:nonsense')).toEqual([]);
    // Nothing is left out of the trash by a minus.
    expect(inserts('-is:')).toEqual(['is:favourite', 'is:mine', 'is:untagged', 'is:failed']);
  });

  it('offers them before the server has answered, and only them', () => {
    const state = suggestionOptions('is:fav', translate(fi), undefined);
    expect(state).toEqual([{ kind: 'state', label: 'Suosikit', insert: 'is:favourite', uses: null }]);
    expect(suggestionOptions('fav', translate(en), undefined)).toEqual([]);
  });

  it('offers one of them for a word that begins its name', () => {
    expect(inserts('koira fav')).toEqual(['is:favourite']);
    expect(inserts('suosi', fi)).toEqual(['is:favourite']);
    expect(inserts('f')).toEqual([]);
    expect(inserts('favourite dog')).toEqual([]);
  });

  it('quotes the name of a collection that has spaces', () => {
    const collections = ['Koirat', 'Isot koirat'];
    const options = suggestionOptions('koir', translate(en), { ...none, collections });
    expect(options).toEqual([
      { kind: 'collection', label: 'Koirat', insert: 'in:Koirat', uses: null },
      { kind: 'collection', label: 'Isot koirat', insert: 'in:"Isot koirat"', uses: null },
    ]);
  });
});

describe('complete', () => {
  const option = { kind: 'collection', label: '', insert: 'in:"Isot koirat"', uses: null } as const;

  it('replaces the last word and keeps its minus', () => {
    expect(complete('sauna koi', option)).toBe('sauna in:"Isot koirat" ');
    expect(complete('sauna -in:iso', option)).toBe('sauna -in:"Isot koirat" ');
  });

  it.each(['in:"isot ko', 'in:”isot ko', '-in:"isot'])('replaces an unclosed quotation: %s', (typed) => {
    const minus = typed.startsWith('-') ? '-' : '';
    expect(complete(`sauna ${typed}`, option)).toBe(`sauna ${minus}in:"Isot koirat" `);
  });

  it('leaves a closed quotation alone', () => {
    expect(complete('tag:"iso koira" ko', option)).toBe('tag:"iso koira" in:"Isot koirat" ');
  });
});
