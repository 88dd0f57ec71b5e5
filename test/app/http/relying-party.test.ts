import { describe, expect, it } from 'vitest';
import { relyingParty } from '../../../app/http/relying-party.ts';

const partyOf = (publicUrl: string | undefined, host: string) =>
  relyingParty(publicUrl)({ url: `http://${host}/api/auth/me`, header: () => host });

describe('the relying party of PUBLIC_URL', () => {
  it.each([
    ['https://meemit.example', 'meemit.example', 'https://meemit.example'],
    ['https://meemit.example:8443/folder', 'meemit.example', 'https://meemit.example:8443'],
    ['https://Мем.example', 'xn--e1anb.example', 'https://xn--e1anb.example'],
    ['http://localhost:3000', 'localhost', 'http://localhost:3000'],
  ])('%s is %s, for pages of %s, whatever the request says', (publicUrl, id, origin) => {
    expect(partyOf(publicUrl, 'localhost')).toEqual({ id, origins: [origin] });
  });

  it.each(['http://meemit.example', 'https://192.0.2.1', 'https://[2001:db8::1]', 'http://127.0.0.1:3000'])(
    '%s is none',
    (publicUrl) => {
      expect(partyOf(publicUrl, 'localhost')).toBeNull();
    },
  );
});

describe('the relying party without PUBLIC_URL', () => {
  it('is localhost for a request there, on any port', () => {
    expect(partyOf(undefined, 'localhost:5173')).toEqual({
      id: 'localhost',
      origins: ['http://localhost:5173', 'https://localhost:5173'],
    });
  });

  it.each(['meemit.example', '127.0.0.1:3000', 'localhost.evil.example', 'not a host', ''])(
    'is none for %j',
    (host) => {
      expect(partyOf(undefined, host)).toBeNull();
    },
  );
});
