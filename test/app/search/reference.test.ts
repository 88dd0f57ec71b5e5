import { afterAll, beforeAll, expect, it } from 'vitest';
import { mediaList, type MediaList } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { fillFolder, type FolderItem } from '../../support/databases/fill-library.ts';
import { randomFrom, testSeed } from '../../support/media/random.ts';

/**
 * Compares random searches of a random library with a simple reference that looks at every item.
 * Words contain digits, so none is inflected; they have two characters, so none is corrected.
 * Golden tests cover both (ranking.test.ts).
 */
const WORDS = ['a1', 'ä1', 'a2', 'b1', 'b2', 'c1', 'é1', 'e1', 'x9'];
/** Words with findable parts: apostrophes, hyphens, characters without spaces, and emoji. */
const SPECIAL = [
  "a'1",
  'a’1',
  'a1-b2',
  'b2-c1',
  'a1b2',
  'c1-é1',
  '東京',
  '東京都',
  '京都',
  '都',
  '🔥',
  '❤️',
  '👍🏽',
  '👍',
];
const TAGS = ['a1', 'red', 'b2', 'iso-a1'];
const KINDS = ['image', 'animation', 'video'] as const;
const DAYS = [3, 4, 5, 6].map((day) => `2026-02-0${day}`);

interface Item extends Required<Pick<FolderItem, 'title' | 'text' | 'description' | 'tags' | 'kind'>> {
  id: string;
  by: string;
  at: Date;
}

/** The parts of a search, as the reference parses them. */
interface Words {
  text: string;
  is: 'word' | 'phrase' | 'without';
  words: readonly string[];
}
interface Condition {
  text: string;
  is: 'filter';
  group: string;
  holds: (item: Item) => boolean;
}
type Part = Words | Condition;

let app: TestApp;
let aino: Visitor;
let folder: Item[];
const random = randomFrom(testSeed(20261125));
const pick = <Value>(values: readonly [Value, ...Value[]] | readonly Value[]): Value => {
  const value = values[random(values.length)];
  if (value === undefined) throw new Error('Nothing to pick from.');
  return value;
};
const anyWord = () => (random(3) === 0 ? pick(SPECIAL) : pick(WORDS));
const some = (most: number) => Array.from({ length: random(most + 1) }, anyWord);

beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  await app.member(aino, 'ville');
  const users = await app.deps.db.selectFrom('users').select(['id', 'username']).execute();
  folder = [];
  for (let i = 0; i < 150; i++) {
    const { id: ownerId, username: by } = pick(users);
    const at = new Date(Date.UTC(2026, 1, 2 + random(6), random(24), random(60), i % 60));
    const item = {
      title: random(2) ? some(3).join(' ') : '',
      text: some(6).join(' '),
      description: random(3) ? '' : some(3).join(' '),
      tags: TAGS.filter(() => random(4) === 0),
      kind: pick(KINDS),
      at,
    };
    const deleted = random(10) === 0;
    const [id = ''] = await fillFolder(app.deps.db, ownerId, [{ ...item, deleted }]);
    if (!deleted) folder.push({ ...item, id, by });
  }
  folder.sort((a, b) => (a.id < b.id ? 1 : -1));
});
afterAll(() => app[Symbol.asyncDispose]());

function randomPart(): Part {
  const word = anyWord();
  switch (random(9)) {
    case 0: {
      const words = [word, anyWord()];
      return { text: `"${words.join(' ')}"`, is: 'phrase', words };
    }
    case 1:
      return { text: `-${word}`, is: 'without', words: [word] };
    case 2: {
      const tag = pick(TAGS);
      const wanted = random(3) > 0;
      return filter(`${wanted ? '' : '-'}tag:${tag}`, (item) => item.tags.includes(tag) === wanted);
    }
    case 3: {
      const kind = pick(KINDS);
      return filter(`type:${kind}`, (item) => item.kind === kind, 'type');
    }
    case 4: {
      const name = pick(['aino', 'ville', 'nobody']);
      return filter(`by:${name}`, (item) => item.by.toLowerCase() === name, 'by');
    }
    case 5: {
      const day = pick(DAYS);
      const after = random(2) === 0;
      return filter(
        `${after ? 'after' : 'before'}:${day}`,
        (item) => item.at.getTime() >= Date.parse(day) === after,
      );
    }
    case 6:
      return filter('is:untagged', (item) => item.tags.length === 0);
    default:
      return { text: word, is: 'word', words: [word] };
  }
}

/** Filters of one group are alternatives; all other conditions must hold. */
const filter = (text: string, holds: (item: Item) => boolean, group = text): Condition => ({
  text,
  is: 'filter',
  group,
  holds,
});

const plain = (word: string) => word.normalize('NFD').replace(/\p{M}/gu, '');
type Level = 'exact' | 'folded' | 'prefix';

const RUN = /^[東京都]+$/;
const EMOJI = /\p{ExtPict}/u;
/** Normalises a word for comparison: apostrophes and variation selectors do not count. */
const bare = (word: string) => word.replace(/['’]|\uFE0F/g, '');
/** Splits a word: each character of a run has a position, and so has each part of a compound. */
const positionsOf = (word: string) => (RUN.test(word) ? Array.from(word) : bare(word).split('-'));

/** Returns the pieces beside apostrophes. Exact search does not find them. */
const piecesOf = (written: string) =>
  written.split('-').flatMap((part) => (/['’]/.test(part) ? part.split(/['’]/) : []));

function fieldsOf(item: Item, head: boolean): string[][] {
  const tags = [...item.tags].sort().join(' ');
  const fields = head ? [item.title, tags] : [item.title, tags, item.text, item.description];
  return fields.map((field) => field.split(' ').filter((word) => word !== ''));
}

/** Tests whether one token of a text (a word or a part of one) matches the searched word. */
function same(here: string, word: string, level: Level): boolean {
  if (EMOJI.test(word)) return here === word || (here.startsWith(word) && EMOJI.test(here));
  if (RUN.test(word)) return here === word;
  if (level === 'exact') return here === word;
  if (level === 'folded') return plain(here) === plain(word);
  return plain(here).startsWith(plain(word));
}

/**
 * Tests whether a hyphenated word of a text, joined, matches the searched word. Exact search does
 * not join words.
 */
const joinedHere = (written: string, word: string, level: Level) =>
  level !== 'exact' && written.includes('-') && same(written.replaceAll('-', ''), word, level);

/** Tests whether a plain word is in one of the fields. */
function hasWord(item: Item, word: string, level: Level, head: boolean): boolean {
  return fieldsOf(item, head).some((words) =>
    words.some(
      (written) =>
        positionsOf(written).some((here) => same(here, word, level)) ||
        joinedHere(bare(written), word, level) ||
        (level !== 'exact' && piecesOf(written).some((piece) => same(piece, word, level))),
    ),
  );
}

interface Place {
  text: string;
  /** Whether the next character belongs to the same run. */
  tied: boolean;
  /** The compound that begins or ends here. */
  whole: string | null;
}

const placesIn = (field: readonly string[]): Place[] =>
  field.flatMap((written) => {
    const places = positionsOf(written);
    return places.map((text, i) => ({
      text,
      tied: RUN.test(written) && i < places.length - 1,
      whole: i === 0 || i === places.length - 1 ? bare(written) : null,
    }));
  });

/** Tests whether words are adjacent in one of the fields. */
function hasPhrase(item: Item, words: readonly string[], level: Level, head: boolean): boolean {
  const wanted = placesIn(words);
  const answers = (here: Place | undefined, { text, tied }: Place) =>
    here !== undefined &&
    (here.tied || !tied) &&
    (same(here.text, text, level) || (here.whole !== null && joinedHere(here.whole, text, level)));
  return fieldsOf(item, head)
    .map(placesIn)
    .some((field) => field.some((_, at) => wanted.every((place, k) => answers(field[at + k], place))));
}

function has(part: Words, item: Item, level: Level, head: boolean): boolean {
  const [word = ''] = part.words;
  const finished = level === 'prefix' ? 'folded' : level;
  if (part.is === 'phrase' || RUN.test(word)) return hasPhrase(item, part.words, finished, head);
  const parts = bare(word).split('-');
  if (parts.length === 1) return hasWord(item, bare(word), level, head);
  // The last parts have two letters, too few for a prefix search. Only the whole word may be
  // unfinished.
  return (
    parts.every((one) => hasWord(item, one, finished, head)) || hasWord(item, parts.join(''), level, head)
  );
}

const sameWords = (one: Words, other: Words) => bare(one.words.join(' ')) === bare(other.words.join(' '));

/** Returns all matches of a search, best first. */
function reference(parts: readonly Part[]): string[] {
  const terms = parts.filter((part): part is Words => part.is === 'word' || part.is === 'phrase');
  const typed = terms.findLast(({ is, text }) => is === 'word' && !RUN.test(text) && !EMOJI.test(text));
  const groups = Map.groupBy(
    parts.filter((part): part is Condition => part.is === 'filter'),
    ({ group }) => group,
  );
  const without = parts.filter((part): part is Words => part.is === 'without');
  const tierOf = (item: Item) => {
    if (without.some((part) => has(part, item, 'folded', false))) return 0;
    if (![...groups.values()].every((group) => group.some((one) => one.holds(item)))) return 0;
    for (const [i, level] of (['exact', 'folded', 'prefix'] as const).entries())
      for (const head of [true, false])
        if (
          terms.every((part) =>
            has(
              part,
              item,
              level === 'prefix' && !(typed && part.is === 'word' && sameWords(part, typed))
                ? 'folded'
                : level,
              head,
            ),
          )
        )
          return 2 * i + (head ? 1 : 2);
    return 0;
  };
  const ranked = folder.map((item) => ({ id: item.id, tier: tierOf(item) })).filter(({ tier }) => tier > 0);
  return ranked.sort((a, b) => a.tier - b.tier).map(({ id }) => id); // stable: newest first within a tier
}

async function found(q: string, limit: number): Promise<{ ids: string[]; total: MediaList['total'] }> {
  const ids: string[] = [];
  let cursor: string | null = null;
  let total: MediaList['total'] = null;
  do {
    const params = new URLSearchParams({ q, limit: String(limit), ...(cursor && { cursor }) });
    const response = await aino.request(`/api/media?${params}`);
    expect(response.status, q).toBe(200);
    const page: MediaList = mediaList.parse(await response.json());
    ids.push(...page.items.map(({ id }) => id));
    total ??= page.total;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return { ids, total };
}

it('finds what looking at every item finds, in the same order, on pages of any length', async () => {
  let matches = 0;
  for (let i = 0; i < 500; i++) {
    const parts = Array.from({ length: 1 + random(4) }, randomPart);
    // The last word may be a prefix.
    if (random(4) === 0) parts.push({ text: 'a', is: 'word', words: ['a'] });
    const q = parts.map(({ text }) => text).join(' ');
    const expected = reference(parts);
    const { ids, total } = await found(q, 1 + random(40));
    expect(ids, q).toEqual(expected);
    if (total?.exact) expect(total.value, q).toBe(expected.length);
    matches += expected.length;
  }
  // Most searches did have matches.
  expect(matches).toBeGreaterThan(2000);
});
