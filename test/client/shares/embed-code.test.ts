import { describe, expect, it } from 'vitest';
import { embedCode, type EmbedLanguage } from '../../../client/shares/embed-code.ts';

const url = 'https://memes.example/s/AbC-_0123456789abcdefg';
const code = (language: EmbedLanguage, alt: string, hasPicture = true) =>
  embedCode(language, { url, alt, hasPicture });

describe('Markdown of a share', () => {
  it('is its sharing picture with a link to its page', () => {
    expect(code('markdown', 'kissa sohvalla')).toBe(`[![kissa sohvalla](${url}/card.jpg)](${url})`);
  });

  it('is a link of words without a picture', () => {
    expect(code('markdown', 'video', false)).toBe(`[video](${url})`);
  });

  it.each([
    ['](https://evil.example) [x', String.raw`\](https://evil.example) \[x`],
    ['<script>alert(1)</script>', String.raw`\<script\>alert(1)\</script\>`],
    [String.raw`a\b`, String.raw`a\\b`],
    ['*bold* _it_ `code` ~~no~~', String.raw`\*bold\* \_it\_ \`code\` \~\~no\~\~`],
    ['&lt; a | b ![', String.raw`\&lt; a \| b \!\[`],
    ['two\n\nparagraphs\tand tabs ', 'two paragraphs and tabs'],
    ['Älä! 😀', String.raw`Älä\! 😀`],
  ])('escapes %j', (alt, escaped) => {
    expect(code('markdown', alt)).toBe(`[![${escaped}](${url}/card.jpg)](${url})`);
  });
});

describe('HTML of a share', () => {
  it('is its sharing picture with a link to its page', () => {
    expect(code('html', 'kissa')).toBe(`<a href="${url}"><img src="${url}/card.jpg" alt="kissa"></a>`);
    expect(code('html', 'video', false)).toBe(`<a href="${url}">video</a>`);
  });

  it.each([
    ['"><script>alert(1)</script>', '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['Tom & "Jerry" &amp;', 'Tom &amp; &quot;Jerry&quot; &amp;amp;'],
    ['one\nline', 'one line'],
  ])('escapes %j', (alt, escaped) => {
    expect(code('html', alt)).toBe(`<a href="${url}"><img src="${url}/card.jpg" alt="${escaped}"></a>`);
    expect(code('html', alt, false)).toBe(`<a href="${url}">${escaped}</a>`);
  });
});
