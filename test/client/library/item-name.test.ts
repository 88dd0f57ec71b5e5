import { createRoot } from 'solid-js';
import { describe, expect, it } from 'vitest';
import { common } from '../../../client/i18n/languages/en.ts';
import { createI18n } from '../../../client/i18n/i18n.tsx';
import { itemName } from '../../../client/library/item-name.ts';
import { item, listItem } from '../support/items.ts';

const i18n = createRoot(() => createI18n('en', common));
const byDate = `Picture from ${i18n.date(item(1).createdAt)}`;
const named = (originalName: string) => itemName(item(1, { originalName }), i18n);

describe('labelOf', () => {
  it('is the title where there is one', () => {
    expect(itemName(item(1, { title: 'Cat', text: 'words' }), i18n)).toBe('Cat');
  });

  it('is the file name a person gave', () => {
    expect(named('kissa tanssii.jpg')).toBe('kissa tanssii');
    expect(named('v1.2 release party.png')).toBe('v1.2 release party');
    expect(named('deadbeef.png')).toBe('deadbeef');
  });

  it.each([
    'IMG_2041.JPG',
    'image.png',
    'image (3).png',
    'PXL_20260102_120000.jpg',
    'DSC01234.jpg',
    'Screenshot 2026-01-02 at 12.00.00.png',
    'WhatsApp Image 2026-01-02 at 12.00.00.jpeg',
    'signal-2026-01-02-120000.jpg',
    '1737051234567.webp',
    'a3f5c2d8e1b94f6c8d7e6f5a4b3c2d1e.jpg',
    '.jpg',
  ])('does not take %s for a name', (originalName) => {
    expect(named(originalName)).toBe(byDate);
  });

  it('is the first words in the picture when the name says nothing, cut between words', () => {
    const text = 'One does not simply\nwalk into a very long sentence that goes on and on';
    expect(itemName(item(1, { originalName: 'IMG_1.jpg', text }), i18n)).toBe(
      'One does not simply walk into a very long sentence that goes…',
    );
  });

  it('is what was found in the words, in a list', () => {
    const match = { field: 'text' as const, snippet: 'kun koodi toimii', marks: [] };
    expect(itemName(listItem(1, { originalName: 'IMG_1.jpg', match }), i18n)).toBe('kun koodi toimii');
  });
});
