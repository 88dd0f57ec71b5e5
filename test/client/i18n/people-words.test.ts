import { glob, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../client/i18n/messages.ts';
import { people as en } from '../../../client/i18n/people.en.ts';
import { people as fi } from '../../../client/i18n/people.fi.ts';

const texts = (message: Message) => (typeof message === 'string' ? [message] : [message.one, message.other]);
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const finnish = new Map<string, Message>(Object.entries(fi));

describe('the words of the pages about people', () => {
  it.each(Object.entries(en))('%s has the same placeholders in both languages', (key, message) => {
    const expected = placeholders(texts(message).at(-1) ?? '');
    for (const text of [...texts(message), ...texts(finnish.get(key) ?? '')]) {
      expect(placeholders(text)).toEqual(expected);
      expect(text.trim()).not.toBe('');
    }
  });

  it('are all said somewhere, and nothing else is', async () => {
    const sources: string[] = [];
    for await (const file of glob('client/**/*.{ts,tsx}'))
      if (!/people\.(?:en|fi)\.ts$/.test(file)) sources.push(await readFile(file, 'utf8'));
    const code = sources.join('\n');
    const said = (key: string) =>
      code.includes(`'${key}'`) || /^admin\.(?:people|storage|jobs)\.\w+$/.test(key);
    expect(Object.keys(en).filter((key) => !said(key))).toEqual([]);
    expect(Object.keys(fi).toSorted()).toEqual(Object.keys(en).toSorted());
  });
});
