import { expect, it } from 'vitest';
import { comparedWords, compareWords } from '../../../../app/media/alike/words.ts';
import { measureLabelledSet } from '../../../support/media/labelled-set.ts';

it('tells copies from other words and from other pictures, in a labelled set', async () => {
  const { copies, otherWords, unrelated } = await measureLabelledSet(10);
  const ways = [...copies.values()];
  const [pairs, found] = [
    ways.reduce((sum, way) => sum + way.pairs, 0),
    ways.reduce((sum, way) => sum + way.found, 0),
  ];
  expect(pairs).toBe(100);
  expect(found / pairs, JSON.stringify([...copies])).toBeGreaterThanOrEqual(0.97);
  expect(otherWords).toMatchObject({ pairs: 10, wrong: 0 });
  expect(otherWords.alike).toBeGreaterThanOrEqual(8);
  expect(unrelated).toEqual({ pairs: 45, wrong: 0, sameScene: 0 });
});

it.each([
  ['KUN MAANANTAI ALKAA TAAS', 'kun maanantal alkaa taas', 'yes'],
  ['KUN MAANANTAI ALKAA TAAS', 'TAAS ALKAA KUN MAANANTAI', 'yes'],
  ['KUN MAANANTAI ALKAA TAAS', 'KUN MAANANTAI ALKAA TAAS @memes.example', 'yes'],
  ['WHEN THE CODE WORKS AT LAST', 'WHEN THE WORKS AT LAST memes.example', 'yes'],
  ['WHEN THE CODE BREAKS AT', 'WHEN BREAKS AT LAST', 'yes'],
  ['MY PHONE IS AT TWO PERCENT', 'MY PHONE IS AT NINE PERCENT', 'no'],
  ['CATS LOVE MY GARDEN', 'MY GARDEN CATS HATE', 'no'],
  ['WHEN THE CODE WORKS AT LAST', 'WHEN THE CODE WORKS AT WORK', 'no'],
  ['ÄITI TULEE KOTIIN', 'aiti tulee kotiin', 'yes'],
  ['KUN MAANANTAI ALKAA TAAS', 'KUN PERJANTAI ALKAA TAAS', 'no'],
  ['IT IS 3 IN THE MORNING', 'IT IS 4 IN THE MORNING', 'no'],
  ['KUN MAANANTAI ALKAA TAAS', '', 'no'],
  ['', ' … ', 'unknown'],
] as const)('of %j and %j, the words agree: %s', (one, other, agree) => {
  expect(compareWords(comparedWords(one), comparedWords(other))).toBe(agree);
  expect(compareWords(comparedWords(other), comparedWords(one))).toBe(agree);
});

it('compares long texts in a bounded number of words', () => {
  const long = Array.from({ length: 20_000 }, (_, i) => `sana${'abcdefgh'[i % 8] ?? ''}${i}`).join(' ');
  expect(comparedWords(long)).toHaveLength(120);
});
