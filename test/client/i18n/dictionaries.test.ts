import { glob, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ERROR_STATUS } from '../../../app/http/errors.schema.ts';
import { en } from '../../../client/i18n/en.ts';
import { fi } from '../../../client/i18n/fi.ts';
import { pickLanguage } from '../../../client/i18n/language.ts';
import type { Message } from '../../../client/i18n/messages.ts';

const texts = (message: Message) => (typeof message === 'string' ? [message] : [message.one, message.other]);
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const finnish = new Map<string, Message>(Object.entries(fi));

describe('the dictionaries', () => {
  it('have the same keys', () => {
    expect(Object.keys(fi).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(Object.entries(en))('%s has the same placeholders in both languages', (key, message) => {
    const expected = placeholders(texts(message).at(-1) ?? '');
    for (const text of [...texts(message), ...texts(finnish.get(key) ?? '')]) {
      expect(placeholders(text)).toEqual(expected);
      expect(text.trim()).not.toBe('');
    }
  });

  it('have words for every error the server can answer', () => {
    for (const code of Object.keys(ERROR_STATUS)) expect(en).toHaveProperty([`error.${code}`]);
  });

  it('hold no key that nothing says', async () => {
    const sources: string[] = [];
    for await (const file of glob('client/**/*.{ts,tsx}')) {
      if (!/i18n\/(?:en|fi)\.ts$/.test(file)) sources.push(await readFile(file, 'utf8'));
    }
    const code = sources.join('\n');
    const said = (key: string) => code.includes(`'${key}'`) || /^(?:error|upload|filter)\.\w+$/.test(key);
    expect(Object.keys(en).filter((key) => !said(key))).toEqual([]);
  });
});

describe('pickLanguage', () => {
  it('prefers what was chosen, then the browser in order, then English', () => {
    expect(pickLanguage('fi', ['en-GB'])).toBe('fi');
    expect(pickLanguage(null, ['sv-FI', 'fi-FI', 'en'])).toBe('fi');
    expect(pickLanguage(null, ['EN-us'])).toBe('en');
    expect(pickLanguage('klingon', ['toString'])).toBe('en');
    expect(pickLanguage(null, [])).toBe('en');
  });
});
