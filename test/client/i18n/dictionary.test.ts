import { glob, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { browse as browseEn } from '../../../client/i18n/browse.en.ts';
import { browse as browseFi } from '../../../client/i18n/browse.fi.ts';
import { media as mediaEn } from '../../../client/i18n/media.en.ts';
import { media as mediaFi } from '../../../client/i18n/media.fi.ts';
import type { Message } from '../../../client/i18n/messages.ts';
import { people as peopleEn } from '../../../client/i18n/people.en.ts';
import { people as peopleFi } from '../../../client/i18n/people.fi.ts';
import { upload as uploadEn } from '../../../client/i18n/upload.en.ts';
import { upload as uploadFi } from '../../../client/i18n/upload.fi.ts';

type Words = Record<string, Message>;

/** The dictionaries of every feature in both languages, and the keys that the code composes. */
const PARTS: readonly [name: string, en: Words, fi: Words, composed: RegExp | null][] = [
  ['browse', browseEn, browseFi, /^(?:empty|tags)\.\w+(?:\.hint)?$/],
  ['media', mediaEn, mediaFi, /^(?:make\.[a-z]+(?:Failed)?|why\.[a-z]+)$/],
  ['people', peopleEn, peopleFi, /^(?:admin\.(?:people|storage|jobs)|account\.theme)\.\w+$/],
  ['upload', uploadEn, uploadFi, /^(?:upload|share)\.\w+$/],
];

const texts = (message: Message) => (typeof message === 'string' ? [message] : [message.one, message.other]);
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe.each(PARTS)('the words of %s', (_name, en, fi, composed) => {
  it('have the same keys in both languages', () => {
    expect(Object.keys(fi).toSorted()).toEqual(Object.keys(en).toSorted());
  });

  it.each(Object.keys(en))('%s says something with the same placeholders in both languages', (key) => {
    const english = texts(en[key] ?? '');
    const expected = placeholders(english.at(-1) ?? '');
    for (const text of [...english, ...texts(fi[key] ?? '')]) {
      expect(placeholders(text)).toEqual(expected);
      expect(text.trim()).not.toBe('');
    }
    expect(typeof fi[key]).toBe(typeof en[key]);
  });

  it('are all said somewhere', async () => {
    const sources: string[] = [];
    for await (const file of glob('client/**/*.{ts,tsx}'))
      if (!/i18n\/\w+\.(?:en|fi)\.ts$/.test(file)) sources.push(await readFile(file, 'utf8'));
    const code = sources.join('\n');
    const said = (key: string) => code.includes(`'${key}'`) || composed?.test(key) === true;
    expect(Object.keys(en).filter((key) => !said(key))).toEqual([]);
  });
});

it('no part without this test: every dictionary is among those above', async () => {
  const parts: string[] = [];
  for await (const file of glob('client/i18n/*.en.ts')) parts.push(/(\w+)\.en\.ts$/.exec(file)?.[1] ?? file);
  expect(parts.toSorted()).toEqual(PARTS.map(([name]) => name));
});
