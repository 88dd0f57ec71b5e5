import { html } from 'hono/html';
import { describe, expect, it } from 'vitest';
import { cutToFit } from '../../../app/shares/cut-text.ts';

describe('cutToFit', () => {
  const cutAtWord = (text: string, characters: number) => cutToFit(text, { characters, bytes: 1000 });

  it('cuts between words, and a single long word anywhere', () => {
    expect(cutAtWord('one does not simply', 30)).toBe('one does not simply');
    expect(cutAtWord('one does not simply', 12)).toBe('one does…');
    expect(cutAtWord('one does, not simply', 10)).toBe('one does…');
    expect(cutAtWord('a'.repeat(20), 10)).toBe(`${'a'.repeat(9)}…`);
    expect(cutAtWord('😀'.repeat(20), 10)).toBe(`${'😀'.repeat(9)}…`);
  });

  it('cuts by characters if the size allows it', () => {
    const limits = { characters: 12, bytes: 1000 };
    expect(cutToFit('one does not', limits)).toBe('one does not');
    expect(cutToFit('one does not simply', limits)).toBe('one does…');
    expect(cutToFit('"'.repeat(12), limits)).toBe('"'.repeat(12));
    expect(cutToFit('"'.repeat(13), limits)).toBe(`${'"'.repeat(11)}…`);
  });

  it('keeps a text whose size in HTML is the limit, and cuts it one byte below', async () => {
    for (const text of ['"&\'<>', 'äö', '😀😀', 'abc "', 'a'.repeat(10), `${'a'.repeat(7)}"`]) {
      const size = Buffer.byteLength(String(await html`${text}`));
      expect(cutToFit(text, { characters: 100, bytes: size })).toBe(text);
      const cut = cutToFit(text, { characters: 100, bytes: size - 1 });
      expect(cut).toMatch(/…$/);
      expect(Buffer.byteLength(String(await html`${cut}`))).toBeLessThan(size);
    }
  });

  it('never exceeds the size, whatever the text is', async () => {
    const characters = ['"', '&', "'", '<', '>', ' ', 'a', 'ä', '汉', '😀'];
    for (let length = 1; length < 60; length++) {
      const text = Array.from(
        { length },
        (_, i) => characters[(i * i * 7 + length) % characters.length],
      ).join('');
      for (const bytes of [3, 10, 37, 100]) {
        const cut = cutToFit(text, { characters: 30, bytes });
        expect(Buffer.byteLength(String(await html`${cut}`))).toBeLessThanOrEqual(bytes);
        expect(Array.from(cut).length).toBeLessThanOrEqual(30);
      }
    }
  });
});
