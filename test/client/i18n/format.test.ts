import { describe, expect, it } from 'vitest';
import { formatBytes } from '../../../client/i18n/format-bytes.ts';
import { format, formatAge } from '../../../client/i18n/format.ts';

const spaced = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('format', () => {
  it('puts values in their places and numbers in the way of the language', () => {
    expect(format('en', '{name} has {count}', { name: 'Maija', count: 1234 })).toBe('Maija has 1,234');
    expect(spaced(format('fi', '{count} kuvaa', { count: 1234 }))).toBe('1 234 kuvaa');
  });

  it('does not read braces or patterns inside values', () => {
    expect(format('en', '“{query}”', { query: '{count} $& $1' })).toBe('“{count} $& $1”');
  });

  it('takes the plural from the count', () => {
    const files = { one: '{count} file', other: '{count} files' };
    expect([0, 1, 2].map((count) => format('en', files, { count }))).toEqual([
      '0 files',
      '1 file',
      '2 files',
    ]);
  });
});

describe('format in a language with more plural forms', () => {
  const files = { one: '{count} soubor', few: '{count} soubory', other: '{count} souborů' };

  it('takes each form by the rules of the language', () => {
    expect([1, 2, 5].map((count) => format('cs', files, { count }))).toEqual([
      '1 soubor',
      '2 soubory',
      '5 souborů',
    ]);
  });

  it('takes the general form in place of a missing one', () => {
    const { few: _, ...without } = files;
    expect(format('cs', without, { count: 2 })).toBe('2 souborů');
  });
});

describe('formatAge', () => {
  const now = new Date('2026-03-12T12:00:00Z');
  const ago = (locale: string, ms: number) => formatAge(locale, new Date(now.getTime() - ms), now);

  it.each([
    [5_000, 'now', 'nyt'],
    [3 * 60_000, '3 minutes ago', '3 minuuttia sitten'],
    [5 * 3_600_000, '5 hours ago', '5 tuntia sitten'],
    [26 * 3_600_000, 'yesterday', 'eilen'],
    [30 * 86_400_000, 'February 10, 2026', '10. helmikuuta 2026'],
  ])('says %i ms as "%s" and "%s"', (ms, en, fi) => {
    expect(ago('en', ms)).toBe(en);
    expect(ago('fi', ms)).toBe(fi);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1500, '1.5 kB'],
    [23_456, '23 kB'],
    [5_250_000, '5.3 MB'],
    [100_000_000, '100 MB'],
    [3e15, '3,000,000 GB'],
  ])('%i is %s', (bytes, text) => {
    expect(formatBytes('en', bytes)).toBe(text);
  });
});
