import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { bookmarkletAddress } from '../../../client/upload/bookmarklet.ts';

interface Picture {
  currentSrc: string;
  width: number;
  height: number;
}

/** Presses the bookmark in a page, as a browser does, and returns the opened address. */
function press(images: Picture[], href: string): string {
  const [, script = ''] = /^javascript:(.*)$/s.exec(bookmarkletAddress('https://memes.test')) ?? [];
  const opened: string[] = [];
  const open = (address: string) => void opened.push(address);
  runInNewContext(decodeURIComponent(script), { document: { images }, location: { href }, open });
  expect(opened).toHaveLength(1);
  return opened[0] ?? '';
}

const picture = (currentSrc: string, width: number, height: number) => ({ currentSrc, width, height });

it('opens the page with the address of the largest picture, or of the page', () => {
  const page = 'https://a.test/page?x=1&y=ä#top';
  const largest = picture('https://a.test/large.png?a=1&b="2"', 600, 400);
  const others = [
    picture('https://a.test/small.png', 100, 100),
    picture('https://a.test/medium.png', 300, 300),
    picture('data:image/png;base64,AA==', 900, 900),
    picture('', 0, 0),
  ];
  const saved = (address: string) => new URL(address).searchParams.get('url');
  const opened = press([...others, largest], page);
  expect(opened.startsWith('https://memes.test/save?url=')).toBe(true);
  expect(saved(opened)).toBe(largest.currentSrc);
  expect(saved(press(others, page))).toBe('https://a.test/medium.png');
  expect(saved(press(others.slice(0, 1), page))).toBe(page);
  expect(saved(press([], page))).toBe(page);
});

it('is an address without spaces and quotes, which bookmarks keep as it is', () => {
  expect(bookmarkletAddress('https://memes.test')).toMatch(/^javascript:[\w%()~!*'.-]+$/);
});
