import { glob, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_STATUS } from '../../../app/http/errors.schema.ts';
import { FORMAT_LABELS } from '../../../app/media/formats/formats.limits.ts';
import {
  loadBrowseDictionary,
  loadCollectionsDictionary,
  loadMediaDictionary,
  loadPeopleDictionary,
  loadSharingDictionary,
  loadTrashDictionary,
  loadUploadDictionary,
} from '../../../client/i18n/dictionaries.tsx';
import {
  isLanguage,
  LANGUAGES,
  loadDictionary,
  loadErrorDictionary,
  pickLanguage,
  type Language,
} from '../../../client/i18n/language.ts';
import { PAGE_TEXTS } from '../../../app/i18n/page-texts.ts';
import * as english from '../../../client/i18n/languages/en.ts';
import type { Message } from '../../../client/i18n/messages.ts';

type Texts = Record<string, Message>;

const LANGUAGE_CODES = Object.keys(LANGUAGES).filter(isLanguage);

interface Part {
  readonly load: (language: Language) => Promise<Texts>;
  /** The keys that the code composes. */
  readonly composed: RegExp;
}

/** Each part of the dictionaries, as the client loads it. */
const PARTS: Record<Exclude<keyof typeof english, 'manifest' | 'ownName'>, Part> = {
  common: { load: loadDictionary, composed: /^(?:error|upload|filter|browse)\.\w+$/ },
  errors: { load: loadErrorDictionary, composed: /^error\.\w+$/ },
  browse: {
    load: loadBrowseDictionary,
    composed: /^(?:(?:empty|tags)\.\w+(?:\.hint)?|view\.(?:sort|size)\.\w+)$/,
  },
  collections: { load: loadCollectionsDictionary, composed: /^collections\.sort\.\w+$/ },
  media: { load: loadMediaDictionary, composed: /^(?:make\.[a-z]+(?:Failed)?|(?:why|alike)\.[a-z]+)$/ },
  people: {
    load: loadPeopleDictionary,
    composed:
      /^(?:admin\.(?:people|backup|figure|storage|jobs|tab)|account\.theme|close\.items|tokens\.scope)\.\w+$/,
  },
  sharing: { load: loadSharingDictionary, composed: /^(?:copied\.\w+|share\.(?:never|day|week|month))$/ },
  trash: { load: loadTrashDictionary, composed: /^$/ },
  upload: { load: loadUploadDictionary, composed: /^(?:upload|share)\.\w+$/ },
};

const texts = (message: Message) => (typeof message === 'string' ? [message] : Object.values(message));
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const { ownName: _name, ...sources } = english;
const source = (part: string): Texts => Object.entries(sources).find(([name]) => name === part)?.[1] ?? {};

it('every file is a language with its own name, and the server has page texts in it', async () => {
  const files: string[] = [];
  for await (const file of glob('client/i18n/languages/*.ts')) files.push(basename(file, '.ts'));
  expect(files.toSorted()).toEqual(LANGUAGE_CODES.toSorted());
  expect(Object.keys(PAGE_TEXTS).toSorted()).toEqual(LANGUAGE_CODES.toSorted());
  expect(LANGUAGES).toMatchObject({ en: 'English', fi: 'Suomi' });
});

describe.each(LANGUAGE_CODES)('the dictionary of %s', (language) => {
  it.each(Object.entries(PARTS))('has the keys and placeholders of English in %s', async (name, { load }) => {
    const part = await load(language);
    expect(Object.keys(part).toSorted()).toEqual(Object.keys(source(name)).toSorted());
    for (const [key, original] of Object.entries(source(name))) {
      const message = part[key] ?? '';
      const expected = placeholders(texts(original).at(-1) ?? '');
      expect(typeof message, key).toBe(typeof original);
      for (const text of texts(message)) {
        expect(placeholders(text), key).toEqual(expected);
        expect(text.trim(), key).not.toBe('');
      }
    }
  });

  it('names every accepted format', async () => {
    const { 'error.unsupported_type': message = '' } = await PARTS.errors.load(language);
    for (const label of FORMAT_LABELS) expect(message).toMatch(new RegExp(`\\b${label}\\b`));
  });

  it('has every plural form of its language', async () => {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    const parts = await Promise.all(Object.values(PARTS).map(({ load }) => load(language)));
    const plurals = parts
      .flatMap((part) => Object.entries(part))
      .filter(([, message]) => typeof message !== 'string');
    expect(plurals.length).toBeGreaterThan(10);
    for (const [key, forms] of plurals)
      expect(Object.keys(forms).toSorted(), key).toEqual(pluralCategories.toSorted());
  });
});

describe('the English dictionary', () => {
  it('has words for every error the server can answer', () => {
    for (const code of Object.keys(ERROR_STATUS))
      expect({ ...english.common, ...english.errors }).toHaveProperty([`error.${code}`]);
  });

  it.each(Object.entries(PARTS))(
    'holds no key in %s that the code does not use',
    async (name, { composed }) => {
      const sources: string[] = [];
      for await (const file of glob('client/**/*.{ts,tsx}'))
        if (!file.includes('i18n/languages/')) sources.push(await readFile(file, 'utf8'));
      const code = sources.join('\n');
      const isUsed = (key: string) => code.includes(`'${key}'`) || composed.test(key);
      expect(Object.keys(source(name)).filter((key) => !isUsed(key))).toEqual([]);
    },
  );
});

describe('pickLanguage', () => {
  it('prefers the saved language, then the browser in order, then English', () => {
    expect(pickLanguage('fi', ['en-GB'])).toBe('fi');
    expect(pickLanguage(null, ['tlh', 'fi-FI', 'en'])).toBe('fi');
    expect(pickLanguage(null, ['EN-us'])).toBe('en');
    expect(pickLanguage('klingon', ['toString'])).toBe('en');
    expect(pickLanguage(null, [])).toBe('en');
  });
});
