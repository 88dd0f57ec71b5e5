import { describe, expect, it } from 'vitest';
import { addressIn } from '../../../client/upload/link-address.model.ts';

describe('the address of a drag or of the clipboard', () => {
  it.each<[what: string, texts: [html: string, list: string, plain: string], address: string | null]>([
    ['a pasted address', ['', '', ' https://a.test/cat.jpg\n'], 'https://a.test/cat.jpg'],
    [
      'a dragged link',
      ['', '# a comment\r\nhttps://a.test/page\r\nhttps://a.test/2', ''],
      'https://a.test/page',
    ],
    [
      'a picture within its link',
      [
        '<a href="https://a.test/page"><img alt="a > b" src="https://a.test/i.png?a=1&amp;b=2"></a>',
        'https://a.test/page',
        'https://a.test/page',
      ],
      'https://a.test/i.png?a=1&b=2',
    ],
    [
      'a picture in single quotes',
      ["<img class='x' src='http://a.test/i.png'>", '', ''],
      'http://a.test/i.png',
    ],
    [
      'the link of a picture that is no address itself',
      ['<img src="data:image/png;base64,AA==">', '', 'https://a.test/page'],
      'https://a.test/page',
    ],
    ['no data-src', ['<img data-src="https://a.test/lazy.png">', '', ''], null],
    ['no other text', ['<b>hello</b>', '', 'hello https://a.test/'], null],
    ['no other scheme', ['', 'file:///C:/cat.png', 'javascript:alert(1)'], null],
    ['nothing', ['', '', ''], null],
  ])('is that of %s', (_what, texts, address) => {
    expect(addressIn(texts)).toBe(address);
  });
});
