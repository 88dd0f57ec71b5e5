import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { username } from '../../../app/auth/auth.schema.ts';
import { usernameKey, usernameSkeleton } from '../../../app/auth/username.ts';
import { createdInvite } from '../../../app/invites/invites.schema.ts';
import { createTestApp, PASSWORD, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { outcome } from '../../support/errors.ts';

describe('a username', () => {
  it.each(['Aino', 'väinö', 'Ильмаринен', '山田太郎', 'אבא', 'ਪੰਜਾਬ', 'क्षमा', 'x_1', 'a.b-c', '٣٤'])(
    'may be %s',
    (name) => expect(username.parse(name)).toBe(name.normalize('NFKC')),
  );

  it('is kept in its compatibility form, without blanks around it', () => {
    expect(username.parse('  Ａｉｎｏ ')).toBe('Aino');
    expect(username.parse('x'.repeat(32))).toHaveLength(32);
    expect(Array.from(username.parse('𠮷'.repeat(32)))).toHaveLength(32);
  });

  it.each([
    ['one character', 'a'],
    ['33 characters', 'x'.repeat(33)],
    ['a blank inside', 'two words'],
    ['markup', '<b>aino</b>'],
    ['an address', 'aino@example.com'],
    ['an emoji', 'aino😀'],
    ['a zero-width joiner', 'ai\u200Dno'],
    ['a soft hyphen', 'ai\u00ADno'],
    ['a right-to-left override', 'ai\u202Eno'],
    ['a Hangul filler, a letter that is not seen', 'ai\u3164no'],
    ['a pile of marks', `a${'\u0301'.repeat(9)}b`],
    ['a mark without a letter', '\u0301ab'],
    ['a NUL', 'ai\0no'],
    ['half of a surrogate pair', 'ai\uD83D'],
    ['a slash made by NFKC', 'a½'],
    ['nothing', ''],
  ])('may not have %s', (_what, name) => expect(username.safeParse(name).success).toBe(false));

  it('is the same without case and in any of its forms', () => {
    for (const [a, b] of [
      ['Aino', 'AINO'],
      ['Straße', 'STRASSE'],
      ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς'],
      ['Väinö', 'Va\u0308ino\u0308'],
      ['ﬁnn', 'finn'],
    ] as const)
      expect(usernameKey(a)).toBe(usernameKey(b));
    expect(usernameKey('Aino')).not.toBe(usernameKey('Aina'));
  });

  it('looks like its doubles and like no other Finnish name', () => {
    for (const [a, b] of [
      ['Aino', 'Аino'], // Cyrillic А
      ['aino', 'aіno'], // Ukrainian і
      ['paypal', 'рaуpаl'],
      ['BOB', 'ΒΟΒ'], // Greek
      ['Aili', 'AiIi'], // a capital i for the l
      ['olli0', 'ollio'],
      ['marni', 'rnarni'],
    ] as const)
      expect(usernameSkeleton(a)).toBe(usernameSkeleton(b));
    const names = [
      'Aili',
      'Alli',
      'Aino',
      'Aina',
      'Anni',
      'Väinö',
      'Vaino',
      'Ilmari',
      'Immi',
      'Olli',
      'Ulla',
      'Elli',
    ];
    expect(new Set(names.map(usernameSkeleton)).size).toBe(names.length);
  });
});

describe('a double', () => {
  let app: TestApp;
  let aino: Visitor;
  beforeAll(async () => {
    app = await createTestApp();
    aino = await app.admin();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  const join = async (name: string) => {
    const { code } = createdInvite.parse(await (await aino.send('POST', '/api/invites', {})).json());
    const request = { username: name, password: PASSWORD, invite: code };
    const visitor = app.visitor();
    return { response: await visitor.send('POST', '/api/auth/register', request), visitor, request };
  };

  it.each([
    ['AINO', '409 username_taken'],
    ['Ａino', '409 username_taken'],
    ['Аino', '409 username_similar'],
    ['A1no', '201'],
    ['Alno', '409 username_similar'], // like A1no
  ])('%s beside Aino: %s', async (name, expected) => {
    expect(await outcome((await join(name)).response)).toBe(expected);
  });

  it('leaves the invite good for another name', async () => {
    const { response, visitor, request } = await join('aino');
    expect(response.status).toBe(409);
    const again = await visitor.send('POST', '/api/auth/register', { ...request, username: 'Tapio' });
    expect(again.status).toBe(201);
  });

  it.each([
    ['LOUHI', 'Lоuhi'], // a Cyrillic о beside capitals; the I looks like an l
    ['ilMаri', 'ILMARI'],
    ['ISO', 'lso'], // as written, though not in lower case
  ])('is not made in another case: %s, then %s', async (first, second) => {
    expect(await outcome((await join(first)).response)).toBe('201');
    expect(await outcome((await join(second)).response)).toBe('409 username_similar');
  });

  it('is not made by two who come at once with an invite each', async () => {
    const twins = await Promise.all(['Väinö', 'Väinӧ', 'VÄINÖ', 'väinö'].map((name) => join(name)));
    expect(twins.map(({ response }) => response.status).toSorted()).toEqual([201, 409, 409, 409]);
  });
});
