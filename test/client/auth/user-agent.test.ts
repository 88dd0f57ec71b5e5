import { describe, expect, it } from 'vitest';
import { parseUserAgent } from '../../../client/auth/user-agent.ts';
import { parsePublicUrl } from '../../../client/public-urls.ts';

describe('deviceOf', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0', 'Firefox', 'Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
      'Chrome',
      'Windows',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
      'Edge',
      'Windows',
    ],
    [
      'Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
      'Samsung Internet',
      'Android',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
      'Safari',
      'iPhone',
    ],
    [
      'Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0.0.0 Mobile/15E148 Safari/604.1',
      'Chrome',
      'iPad',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
      'Safari',
      'Mac',
    ],
  ])('%s', (userAgent, browser, system) => {
    expect(parseUserAgent(userAgent)).toEqual({ browser, system });
  });

  it.each(['', 'curl/8.5.0', 'node'])('does not guess for %j', (userAgent) => {
    expect(parseUserAgent(userAgent)).toBeNull();
  });
});

describe('visitorAddress', () => {
  it('is a link with a code', () => {
    expect(parsePublicUrl('/join/abc-_1')).toEqual({ page: 'join', code: 'abc-_1' });
    expect(parsePublicUrl('/reset/abc/')).toEqual({ page: 'reset', code: 'abc' });
    expect(parsePublicUrl('/join/a%20b')).toEqual({ page: 'join', code: 'a b' });
    expect(parsePublicUrl('/join/%E0%A4%A')).toEqual({ page: 'join', code: '%E0%A4%A' });
  });

  it.each(['/', '/join', '/join/', '/m/1', '/joins/x', '/join/a/b', '/x/join/a'])('is not %s', (path) => {
    expect(parsePublicUrl(path)).toBeNull();
  });
});
