import { describe, expect, it } from 'vitest';
import { mediaOfPage } from '../../../app/fetches/page-media.ts';

const image = '<meta property="og:image" content="https://a.test/i.png">';

describe('the picture or video that a page names', () => {
  it.each<[what: string, html: string, found: string | null]>([
    ['a picture', image, 'https://a.test/i.png'],
    ['a video before a picture', `${image}<meta property=og:video content=/v.mp4>`, '/v.mp4'],
    [
      'the secure address first',
      '<meta property="og:video" content="http://a.test/v"><meta property="og:video:secure_url" content="https://a.test/v">',
      'https://a.test/v',
    ],
    [
      'no player that is a page',
      `<meta property="og:video" content="https://a.test/player"><meta property="og:video:type" content="text/html">${image}`,
      'https://a.test/i.png',
    ],
    [
      'a video with its type',
      `${image}<meta property="og:video" content="/v"><meta property="og:video:type" content="video/mp4">`,
      '/v',
    ],
    [
      'the first of several',
      `${image}<meta property="og:image" content="/second.png">`,
      'https://a.test/i.png',
    ],
    ['attributes in any order and case', `<META\n CONTENT='/i.png'\n PROPERTY='OG:Image' />`, '/i.png'],
    ['a name in place of the property', '<meta name="og:image" content="/i.png">', '/i.png'],
    [
      'character references',
      '<meta property="og:image" content="/i?a=1&amp;b=&#50;&#x33;&quot;&nope;">',
      '/i?a=1&b=23"&nope;',
    ],
    ['an empty one as none', '<meta property="og:image" content=" ">', null],
    ['a tag that is not closed', '<meta property="og:image" content="/i.png', '/i.png'],
    ['none of other properties', '<meta property="og:title" content="/i.png"><meta charset=utf-8>', null],
    ['none of other tags', '<metadata property="og:image" content="/i.png"></metadata>', null],
    ['none of a bracket in a value', '<meta content=">" name="x">og:image', null],
    ['none in nothing', '', null],
  ])('is %s', (_what, html, found) => {
    expect(mediaOfPage(html)).toBe(found);
  });

  it.each([
    '<meta '.repeat(80_000),
    `<meta ${'a="'.repeat(150_000)}`,
    `<meta ${' '.repeat(500_000)}`,
    `<meta ${"a = '".repeat(100_000)}`,
    '<meta property=x content=y>'.repeat(18_000),
    `<meta property=og:image content="${'&#'.repeat(250_000)}">`,
  ])('is found without much work in hostile text', (html) => {
    expect(mediaOfPage(html)?.length ?? 0).toBeLessThan(5000);
  });
});
