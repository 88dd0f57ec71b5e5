import { describe, expect, it } from 'vitest';
import { mergeMetadata, addTags } from '../../../client/upload/metadata.ts';
import { metadataFromShare, ownItemPath } from '../../../client/upload/share-target.model.ts';

describe('withTags', () => {
  it('takes several at once, each of them once in whatever letters', () => {
    expect(addTags(['cat'], ' Cat, #party ,, two words\nkissa')).toEqual([
      'cat',
      'party',
      'two words',
      'kissa',
    ]);
  });
});

describe('mergeNotes', () => {
  it('replaces a title only by a title', () => {
    const own = { title: 'Own', tags: ['a'] };
    expect(mergeMetadata(own, { title: '', tags: ['b'] })).toEqual({ title: 'Own', tags: ['a', 'b'] });
    expect(mergeMetadata(own, { title: 'All', tags: [] })).toEqual({ title: 'All', tags: ['a'] });
  });
});

describe('what was shared', () => {
  const origin = 'https://memes.example';

  it('has what was said as its title, on one line, but no address', () => {
    expect(metadataFromShare({ title: '', text: 'so\n true', url: '' }).title).toBe('so true');
    expect(metadataFromShare({ title: 'T', text: 'x', url: '' }).title).toBe('T');
    expect(metadataFromShare({ title: '', text: 'look https://elsewhere.example/1', url: '' }).title).toBe(
      '',
    );
  });

  it('opens our own items only', () => {
    expect(ownItemPath({ title: '', text: `see ${origin}/m/abc-1`, url: '' }, origin)).toBe('/m/abc-1');
    expect(ownItemPath({ title: '', text: '', url: `${origin}/m/abc` }, origin)).toBe('/m/abc');
    expect(ownItemPath({ title: '', text: '', url: 'https://evil.example/m/abc' }, origin)).toBeNull();
    expect(ownItemPath({ title: '', text: 'cat', url: '' }, origin)).toBeNull();
    expect(ownItemPath({ title: '', text: '', url: `${origin}/admin` }, origin)).toBeNull();
  });
});
