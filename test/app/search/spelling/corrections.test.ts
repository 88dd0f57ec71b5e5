import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaList } from '../../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../../support/servers/app.ts';
import { swappedSpellings } from '../../../../app/search/spelling/candidates.ts';
import { fillFolder, type FolderItem } from '../../../support/databases/fill-library.ts';

/** Words with no similar other word; the n-th has n items. */
const WORDS = ['murmeli', 'kaktus', 'banaani', 'sukellus', 'villasukka', 'hyttynen', 'gorilla', 'perjantai'];

let app: TestApp;
let aino: Visitor;
beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  const { id } = await app.deps.db.selectFrom('users').select('id').executeTakeFirstOrThrow();
  await fillFolder(app.deps.db, id, [
    { text: WORDS.join(' ') },
    ...Array.from({ length: 70 }, (): FolderItem => ({ text: 'salaatti' })),
    { text: 'salaattia puolukkapiirakka' },
    { text: 'design fails, I am afraid' },
    { text: 'flamingo' },
    { text: 'flamingi' },
  ]);
});
afterAll(() => app[Symbol.asyncDispose]());

async function search(q: string) {
  const response = await aino.request(`/api/media?${new URLSearchParams({ q })}`);
  const { items, corrected } = mediaList.parse(await response.json());
  return { found: items.length, corrected };
}
const misspelled = (word: string) => `${word.slice(0, 3)}q${word.slice(3)}`;

describe('a word that nothing matches', () => {
  it.each([
    ['murrmeli', 'murmeli'],
    ['murxeli', 'murmeli'],
    ['mumreli', 'murmeli'],
    // Swapped letters, whose trigrams are too different to find the word.
    ['desgin', 'design'],
    ['edsign', 'design'],
    ['afriad', 'afraid'],
    ['kaktsu', 'kaktus'],
    // A swap and another slip.
    ['perjatnaii', 'perjantai'],
    // More than 64 items have it, so it needs no lookup.
    ['salatti', 'salaatti'],
    // A part of a compound.
    ['piirakka', 'puolukkapiirakka'],
  ])('%s is corrected to %s', async (typed, meant) => {
    const { found, corrected } = await search(typed);
    expect(corrected).toEqual({ query: meant, words: [{ from: typed, to: meant }] });
    expect(found).toBeGreaterThan(0);
  });

  it('is not corrected to one whose last item is gone', async () => {
    expect((await search('flaxmingo')).corrected?.query).toBe('flamingo');
    // The vocabulary keeps the word, as when another transaction was counting: a leftover word is
    // possible.
    const { db } = app.deps;
    await db.updateTable('media').set({ deleted_at: new Date() }).where('text', '=', 'flamingo').execute();
    await db.insertInto('search_words').values({ word: 'flamingo', folded: 'flamingo', items: 1 }).execute();
    expect((await search('flaxmingo')).corrected?.query).toBe('flamingi');
  });

  it('is left alone when it is like nothing', async () => {
    expect(await search('xyzzyxyzzy')).toEqual({ found: 0, corrected: null });
  });

  it('is corrected beside others, up to eight of them', async () => {
    const eight = WORDS.map(misspelled);
    const { found, corrected } = await search(eight.join(' '));
    expect(corrected?.query).toBe(WORDS.join(' '));
    expect(found).toBe(1);
    expect(await search([...eight, misspelled('salaatti')].join(' '))).toEqual({ found: 0, corrected: null });
  });
});

describe('the spellings with two neighbours swapped', () => {
  it('are all there, once', () => {
    expect(swappedSpellings('abca')).toEqual(['baca', 'acba', 'abac']);
    expect(swappedSpellings('aab')).toEqual(['aba']);
    expect(swappedSpellings('a')).toEqual([]);
    // A character outside the Basic Multilingual Plane stays whole.
    expect(swappedSpellings('𐐷ab')).toEqual(['a𐐷b', '𐐷ba']);
  });
});
