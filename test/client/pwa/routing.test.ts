import { describe, expect, it } from 'vitest';
import { routeOf, type RouteRequest } from '../../../client/pwa/routing.ts';

const ORIGIN = 'https://memes.example';
const shell = new Set(['/', '/assets/first-abc.js', '/icon.svg']);
const route = (path: string, more: Partial<RouteRequest> = {}) =>
  routeOf(
    { method: 'GET', url: new URL(path, ORIGIN).href, mode: 'cors', destination: '', range: false, ...more },
    ORIGIN,
    (file) => shell.has(file),
  );
const navigate = { mode: 'navigate', destination: 'document' };

describe('the service worker', () => {
  it('answers pages of the app, whatever their address', () => {
    expect(route('/', navigate)).toBe('page');
    expect(route('/m/1?q=cat', navigate)).toBe('page');
  });

  it('leaves a file that is opened by itself and anything of the API to the network', () => {
    expect(route('/api/files/a.jpg', navigate)).toBe('network');
    expect(route('/api/media?limit=60')).toBe('network');
    expect(route('/api/auth/me')).toBe('network');
    expect(route('/api/media/1/clipboard', { destination: 'image' })).toBe('network');
  });

  it('leaves share pages and their pictures to the network', () => {
    expect(route('/s/AAAAAAAAAAAAAAAAAAAAAA', navigate)).toBe('network');
    expect(route('/s', navigate)).toBe('network');
    expect(route('/s/AAAAAAAAAAAAAAAAAAAAAA/file/0', { destination: 'image' })).toBe('network');
    expect(route('/search', navigate)).toBe('page');
  });

  it('has the files of its release itself, and asks for those of another', () => {
    expect(route('/assets/first-abc.js')).toBe('shell');
    expect(route('/assets/first-new.js')).toBe('network');
    expect(route('/sw.js')).toBe('network');
  });

  it('keeps pictures, ours and those of a bucket, but no parts of files and no films', () => {
    expect(route('/api/files/a.webp', { destination: 'image' })).toBe('picture');
    expect(route('https://bucket.example/a.webp', { destination: 'image' })).toBe('picture');
    expect(route('/api/files/a.webp', { destination: 'image', range: true })).toBe('network');
    expect(route('/api/files/a.mp4', { destination: 'video' })).toBe('network');
    expect(route('blob:https://memes.example/1', { destination: 'image' })).toBe('network');
  });

  it('takes what the share sheet posts, and no other change', () => {
    expect(route('/share', { method: 'POST', ...navigate })).toBe('share');
    expect(route('/share', { method: 'POST' })).toBe('network');
    expect(route('/api/media', { method: 'POST' })).toBe('network');
    expect(route('/', { method: 'DELETE' })).toBe('network');
  });
});
