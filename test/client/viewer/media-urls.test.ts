import { beforeAll, describe, expect, it, vi } from 'vitest';
import { downloadUrl, fileName, publicUrl } from '../../../client/viewer/media-urls.ts';
import { item } from '../support/items.ts';

beforeAll(() => {
  const here = new URL('https://memes.example/m/1');
  vi.stubGlobal('location', { href: here.href, origin: here.origin });
  return () => vi.unstubAllGlobals();
});

describe('publicUrl', () => {
  it('is whole, from here or from a bucket', () => {
    expect(publicUrl(item(1, { url: '/api/files/a.jpg' }))).toBe('https://memes.example/api/files/a.jpg');
    expect(publicUrl(item(1, { url: 'https://bucket.example/a.jpg' }))).toBe('https://bucket.example/a.jpg');
  });
});

describe('publicUrl of a video', () => {
  it('is that of the version which plays everywhere, if there is one', () => {
    const video = item(1, { url: '/api/files/a.mov', playbackUrl: '/api/files/b.mp4' });
    expect(publicUrl(video)).toBe('https://memes.example/api/files/b.mp4');
    expect(downloadUrl(video)).toBe('https://memes.example/api/files/a.mov?download=1');
  });
});

describe('downloadUrl', () => {
  it('asks our own server for a download, wherever the file lies', () => {
    const download = 'https://memes.example/api/files/a.jpg?download=1';
    expect(downloadUrl(item(1, { url: '/api/files/a.jpg' }))).toBe(download);
    expect(downloadUrl(item(1, { url: 'https://bucket.example/a.jpg' }))).toBe(download);
    const trashed = '/api/media/1/trashed/original';
    expect(downloadUrl(item(1, { url: trashed }))).toBe(`https://memes.example${trashed}?download=1`);
  });
});

describe('fileName', () => {
  it.each([
    [{ title: 'Kissa', originalName: 'x.png', mime: 'image/png' }, 'Kissa.png'],
    [{ title: '', originalName: 'aamu.png', mime: 'image/png' }, 'aamu.png'],
    [{ title: '', originalName: 'lies.png', mime: 'image/jpeg' }, 'lies.jpg'],
    [{ title: 'Kissa', originalName: 'IMG_1.MOV', mime: 'video/quicktime' }, 'Kissa.mov'],
    [{ title: 'a/b\\c: "d"?\n', originalName: '', mime: 'image/gif' }, 'a b c d.gif'],
    [{ title: '../..', originalName: '', mime: 'image/webp' }, 'meemi.webp'],
    [{ title: '', originalName: '', mime: 'image/webp' }, 'meemi.webp'],
    [{ title: 'con', originalName: '', mime: 'image/png' }, '_con.png'],
    [{ title: '👨‍👩‍👧 \u202eexe', originalName: '', mime: 'image/png' }, '👨‍👩‍👧 exe.png'],
    [{ title: 'ä'.repeat(300), originalName: '', mime: 'image/png' }, `${'ä'.repeat(100)}.png`],
  ])('%o is saved as %s', (facts, name) => {
    expect(fileName(item(1, facts))).toBe(name);
  });
});
