import { glob, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { media as en } from '../../../client/i18n/media.en.ts';
import { media as fi } from '../../../client/i18n/media.fi.ts';

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const finnish = new Map<string, string>(Object.entries(fi));

describe('the words of the viewer', () => {
  it.each(Object.entries(en))('%s has the same placeholders in both languages', (key, message) => {
    const translated = finnish.get(key) ?? '';
    expect(translated.trim()).not.toBe('');
    expect(placeholders(translated)).toEqual(placeholders(message));
  });

  it('are all said somewhere, and nothing else is', async () => {
    const sources: string[] = [];
    for await (const file of glob('client/media/*.tsx')) sources.push(await readFile(file, 'utf8'));
    const code = sources.join('\n');
    const said = (key: string) => code.includes(`'${key}'`) || /^make\.[a-z]+(?:Failed)?$/.test(key);
    expect(Object.keys(en).filter((key) => !said(key))).toEqual([]);
    expect(Object.keys(fi).toSorted()).toEqual(Object.keys(en).toSorted());
  });
});
