import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaList, type MediaList } from '../../../app/media/media.schema.ts';
import { positionsOf } from '../../../app/search/text/positions.ts';
import { suggestions } from '../../../app/search/search.schema.ts';
import { fold } from '../../../app/search/text/words.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { fillFolder, type FolderItem } from '../../support/databases/fill-library.ts';
import { randomFrom } from '../../support/media/random.ts';

let app: TestApp;
let aino: Visitor;
let ownerId: string;
beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  ({ id: ownerId } = await app.deps.db.selectFrom('users').select('id').executeTakeFirstOrThrow());
});
afterAll(() => app[Symbol.asyncDispose]());

async function search(q: string): Promise<MediaList> {
  const response = await aino.request(`/api/media?${new URLSearchParams({ q })}`);
  expect(response.status, q).toBe(200);
  return mediaList.parse(await response.json());
}

/**
 * Fills the library with only these items, each named by its title, tags or text.
 * @returns the names of the items that the search finds
 */
async function finding(items: readonly FolderItem[], q: string): Promise<string[]> {
  await app.deps.db.deleteFrom('media').execute();
  const ids = await fillFolder(app.deps.db, ownerId, items);
  const { items: found } = await search(q);
  return found
    .map(({ id }) => items[ids.indexOf(id)])
    .map((item) => item?.title ?? item?.text ?? item?.tags?.[0] ?? item?.name ?? '')
    .sort();
}

/** Returns the parts that a search marks, in a library of one item. */
async function marked(item: FolderItem, q: string): Promise<string[]> {
  await app.deps.db.deleteFrom('media').execute();
  await fillFolder(app.deps.db, ownerId, [item]);
  const match = (await search(q)).items[0]?.match;
  return (match?.marks ?? []).map(([start, end]) => match?.snippet.slice(start, end) ?? '');
}

const texts = (...all: string[]) => all.map((text) => ({ text }));

describe('apostrophes', () => {
  const KINDS = "'’‘‛ʼ`´＇′ʻ";

  it.each(Array.from(KINDS))('%s in a word makes no difference', async (mark) => {
    expect(await finding(texts(`I can${mark}t even`, 'CANT', 'can'), "can't")).toHaveLength(2);
    expect(await finding(texts("DON'T PANIC", 'DONT PANIC', 'do it'), `don${mark}t`)).toHaveLength(2);
    expect(await finding(texts("DON'T PANIC", 'DONT PANIC', "panic don't"), `"don${mark}t panic"`)).toEqual([
      "DON'T PANIC",
      'DONT PANIC',
    ]);
    expect(await finding(texts("can't one", 'cant two', 'three'), `-can${mark}t three`)).toEqual(['three']);
    expect(await finding(texts("can't one", 'cant two', 'both', 'can'), `both -can${mark}t`)).toEqual([
      'both',
    ]);
    expect(await marked({ text: `you can${mark}t win` }, 'cant')).toEqual([`can${mark}t`]);
  });

  it('finds by dont what has DON’T, and by a beginning of it', async () => {
    expect(await finding(texts('DON’T'), 'dont')).toEqual(['DON’T']);
    expect(await finding(texts('wouldn’t it'), 'wouldn')).toEqual(['wouldn’t it']);
    expect(await finding(texts('wouldn’t it'), "wouldn'")).toEqual(['wouldn’t it']);
  });

  it('still finds what stands on either side', async () => {
    expect(await finding(texts("l'avion rouge"), 'avion')).toEqual(["l'avion rouge"]);
    expect(await finding(texts("l'avion rouge"), '"avion rouge"')).toEqual(["l'avion rouge"]);
    expect(await marked({ text: "l'avion rouge" }, 'avion')).toEqual(["l'avion"]);
  });

  it('finds single letters between them', async () => {
    const items = texts("rock'n'roll", 'rock n roll', 'rock and roll', 'rocknroll');
    expect(await finding(items, 'rock n roll')).toEqual(['rock n roll', "rock'n'roll"]);
    expect(await finding(items, 'n -roll')).toEqual([]);
    expect(await finding(items, "rock'n'roll")).toEqual(["rock'n'roll", 'rocknroll']);
    expect(await finding([{ tags: ['rock-n-roll'] }, { tags: ['rock'] }], 'rock n roll')).toEqual([
      'rock-n-roll',
    ]);
    expect(await marked({ text: "it's rock'n'roll" }, 'n')).toEqual(["rock'n'roll"]);
  });

  it('finds Finnish words with one', async () => {
    for (const q of ["vaa'an", 'vaa’an', 'vaaan'])
      expect(await finding(texts("vaa'an alla", 'vaaan alla', 'talo'), q), q).toEqual([
        "vaa'an alla",
        'vaaan alla',
      ]);
    expect(await finding(texts("raa'an", "vaa'an"), 'vaaka')).toEqual(["vaa'an"]);
  });

  it('suggests the word, and corrects one to it and with it', async () => {
    await finding(texts("wouldn't", "shouldn't", "wouldn't too"), '');
    const response = await aino.request(`/api/search/suggestions?${new URLSearchParams({ q: "would'" })}`);
    expect(suggestions.parse(await response.json()).words).toEqual(['wouldnt']);
    expect((await search("wolud'nt")).corrected).toEqual({
      query: 'wouldnt',
      words: [{ from: 'woludnt', to: 'wouldnt' }],
    });
  });
});

describe('hyphens', () => {
  const ITEMS = texts('linja-auto tuli', 'linjaauto meni', 'linja ja auto', 'linja', 'auto');

  it('finds a compound written either way', async () => {
    expect(await finding(ITEMS, 'linjaauto')).toEqual(['linja-auto tuli', 'linjaauto meni']);
    expect(await finding(ITEMS, 'linja-auto')).toEqual([
      'linja ja auto',
      'linja-auto tuli',
      'linjaauto meni',
    ]);
    expect(await finding(ITEMS.slice(0, 3), 'linja-aut')).toEqual([
      'linja ja auto',
      'linja-auto tuli',
      'linjaauto meni',
    ]);
    // Two letters of the second word match too many words.
    expect(await finding(ITEMS, 'linja-au')).toEqual(['linja-auto tuli', 'linjaauto meni']);
    expect(await finding(ITEMS, 'linja‑auto -tuli')).toEqual(['linja ja auto', 'linjaauto meni']);
    expect(await finding(ITEMS, 'linja -linjaauto')).toEqual(['linja', 'linja ja auto']);
    expect(await finding(ITEMS, '"linjaauto tuli"')).toEqual(['linja-auto tuli']);
    expect(await finding(texts('tuo linja-auto'), '"tuo linjaauto"')).toEqual(['tuo linja-auto']);
    expect(await finding(texts('linja-autossa'), 'linjaauto')).toEqual(['linja-autossa']);
    expect(await finding(texts('linjaautossa'), 'linja-autoon')).toEqual(['linjaautossa']);
  });

  it.each([
    ['e-mail', 'email'],
    ['T-paita', 'tpaita'],
    ['covid-19', 'covid19'],
  ])('finds %s and %s by each other', async (apart, together) => {
    expect(await finding(texts(apart, together), apart)).toHaveLength(2);
    expect(await finding(texts(apart, together), together)).toHaveLength(2);
  });

  it('finds a tag of two words written in one', async () => {
    expect(await finding([{ tags: ['iso-koira'] }, { tags: ['iso'] }], 'isokoira')).toEqual(['iso-koira']);
  });

  it('marks the whole', async () => {
    expect(await marked({ text: 'uusi linja-auto tuli' }, 'linjaauto')).toEqual(['linja-auto']);
    expect(await marked({ text: 'uusi linjaauto tuli' }, 'linja-auto')).toEqual(['linjaauto']);
    expect(await marked({ text: 'uusi linja-auto tuli' }, 'linja-auto')).toEqual(['linja-auto']);
  });

  it('corrects a misspelled part', async () => {
    await finding(texts('sauna lauta'), '');
    expect((await search('sauna-laxta')).corrected?.query).toBe('sauna-lauta');
  });
});

describe('characters without spaces', () => {
  it.each([
    [
      '東京都庁に行く',
      ['東京', '京都', '都庁に', '行', '東京都庁に行く', '"東京都"'],
      ['京東', '東都', '猫'],
    ],
    ['カタカナとひらがな', ['タカ', 'とひら', 'な', 'ｶﾀｶﾅ'], ['ナカ']],
    ['고양이가 운다', ['양이', '가', '고양이가 운다'], ['이양']],
    ['สวัสดีครับ', ['ดีครับ', 'สวัส'], ['ครับดี']],
    ['ສະບາຍດີ', ['ບາຍ'], ['ຍບ']],
  ])('%s is found by its parts', async (text, inside, outside) => {
    for (const q of inside) expect(await finding([{ title: text }], q), q).toEqual([text]);
    for (const q of outside) expect(await finding([{ title: text }], q), q).toEqual([]);
  });

  it('stand beside words of others', async () => {
    const title = '私のcat写真';
    for (const q of ['cat', '写真', '私のcat写真', '"のcat写"', 'ca'])
      expect(await finding([{ title }], q), q).toEqual([title]);
    expect(await finding([{ title }], '"cat真"')).toEqual([]);
    expect(await finding([{ title }, { title: 'cat' }], 'cat -写真')).toEqual(['cat']);
  });

  it('are marked', async () => {
    expect(await marked({ title: '新東京都庁' }, '東京都')).toEqual(['東京都']);
    expect(await marked({ title: '新東京都庁' }, '都')).toEqual(['都']);
  });

  it('are suggested as short words, never as pairs', async () => {
    await finding([{ title: '東京タワーと猫' }, { text: '東京 夜景です' }, { text: '東京 です' }], '');
    const response = await aino.request(`/api/search/suggestions?${new URLSearchParams({ q: '東' })}`);
    expect(suggestions.parse(await response.json()).words).toEqual(['東京タワーと猫', '東京']);
  });
});

describe('emoji', () => {
  it.each(['🔥', '❤️', '❤', '👨‍👩‍👧', '👍🏽', '🇫🇮', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '1️⃣', '🏳️‍🌈', '♥️', '🫠'])(
    '%s finds titles, tags, texts and names with it',
    async (emoji) => {
      const items = [
        { title: `koira ${emoji} kissa` },
        { tags: [emoji] },
        { text: `hei ${emoji}` },
        { name: `${emoji}.jpg` },
        { title: 'without' },
        { title: '🇸🇫🇮🇹' },
      ];
      // The upload normalises tags.
      const ids = await finding(items.slice(0, 1).concat(items.slice(2)), emoji);
      expect(ids).toHaveLength(3);
      const response = await aino.send('PUT', `/api/media/${(await search('without')).items[0]?.id}/tags`, {
        tags: [emoji],
      });
      expect(response.status).toBe(200);
      expect((await search(emoji)).items).toHaveLength(4);
      expect((await search(`tag:${emoji}`)).items).toHaveLength(1);
      expect((await search(`kissa -${emoji}`)).items).toHaveLength(0);
    },
  );

  it('finds a part of one, but no one by its part', async () => {
    const items = [{ title: '👍🏽' }, { title: '👍' }, { title: '👨‍👩‍👧' }];
    expect(await finding(items, '👍')).toEqual(['👍', '👍🏽']);
    expect(await finding(items, '👍🏽')).toEqual(['👍🏽']);
    expect(await finding(items, '👩')).toEqual(['👨‍👩‍👧']);
  });

  it('finds several, in any order', async () => {
    expect(await finding([{ title: '😂 ja 🔥' }, { title: '🔥' }], '🔥😂')).toEqual(['😂 ja 🔥']);
    expect(await finding([{ title: 'ok 😂🔥' }, { title: '🔥😂' }], '"😂🔥"')).toEqual(['ok 😂🔥']);
  });

  it('is marked whole', async () => {
    expect(await marked({ title: 'hei ❤️ taas' }, '❤')).toEqual(['❤️']);
    expect(await marked({ title: 'hei 👨‍👩‍👧!' }, '👨‍👩‍👧')).toEqual(['👨‍👩‍👧']);
  });
});

describe('marks of a text that its normal form changes', () => {
  it.each([
    ['a\u0308iti ja isa\u0308', 'isä', 'isa\u0308'],
    ['ﬁne print', 'print', 'print'],
    ['kah\u00advila auki', 'kahvila', 'kah\u00advila'],
    ['½ kg jauhoja', 'jauhoja', 'jauhoja'],
    ['ｶﾞｷﾞｸﾞ', 'ギグ', 'ｷﾞｸﾞ'],
  ])('%j by %s', async (title, q, mark) => {
    expect((await marked({ title }, q)).map((text) => text.normalize())).toContain(mark.normalize());
  });
});

it('cuts a search as the index cuts a text', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const random = randomFrom(seed);
  const alphabet = Array.from("ab1Äé'’´-‑–  _.東京ガ고สั❤🔥👍🏽👩🇫🇮🏴½ﬁ²ßİΣ").concat([
    '\u200d',
    '\ufe0f',
    '\u00ad',
    '\u0308',
    '\u20e3',
    '\u3099',
    '\u{e0067}',
    'ab',
    'koira',
    '東京都',
    'ｶﾞ',
    '©',
  ]);
  for (let i = 0; i < 400; i++) {
    const text = Array.from({ length: 1 + random(14) }, () => alphabet[random(alphabet.length)]).join('');
    const { rows } = await sql<{ lexeme: string; places: number[] }>`
      select lexeme, coalesce(positions, '{}')::integer[] as places
      from unnest(search_vector('', '{}', ${text}, '', '', '{}'))`.execute(app.deps.db);
    const indexed = new Map(rows.map(({ lexeme, places }) => [lexeme, places.map((place) => place - 1000)]));
    const positions = [...positionsOf(text)];
    const expected = new Map<string, number[]>();
    for (const [at, { main }] of positions.entries())
      expected.set(main.word, [...(expected.get(main.word) ?? []), at + 1]);
    const note = `seed ${seed}: ${JSON.stringify(text)}`;
    for (const [word, at] of expected)
      expect(indexed.get(word), `${note} ${word}`).toEqual(expect.arrayContaining(at));
    for (const [at, { more }] of positions.entries())
      for (const { word } of more) {
        const found = indexed.get(word.startsWith('%') ? word : `~${fold(word)}`);
        expect(found, `${note} ${word}`).toContain(at + 1);
      }
    const known = new Set(positions.flatMap(({ main, more }) => [main, ...more].map(({ word }) => word)));
    const runs = (word: string) =>
      positions.some(
        ({ main }) =>
          main.word.startsWith('%') && word.length > 1 && main.word.slice(1).startsWith(word.slice(0, 2)),
      );
    for (const lexeme of indexed.keys())
      expect(lexeme.startsWith('~') || known.has(lexeme) || runs(lexeme), `${note} ${lexeme}`).toBe(true);
  }
});
