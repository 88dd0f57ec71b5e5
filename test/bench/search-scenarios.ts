import { sql } from 'kysely';
import type { Database } from '../../app/db/client.ts';
import { mediaList } from '../../app/media/media.schema.ts';
import { VOCABULARY } from './search-seed.ts';
import { makeVocabulary } from './vocabulary.ts';

export interface Scenario {
  name: string;
  paths: readonly string[];
}

/**
 * Makes the searches. Every request differs from the last of its kind, so that no cached answer
 * improves the figures.
 */
export async function scenariosFor(
  db: Database,
  get: (path: string) => Promise<string>,
): Promise<Scenario[]> {
  const words = makeVocabulary(VOCABULARY);
  const word = (rank: number) => words[rank - 1] ?? '';
  const list = (params: Record<string, string>) => `/api/media?${new URLSearchParams(params)}`;
  const many = (name: string, q: (n: number) => string): Scenario => ({
    name,
    paths: Array.from({ length: 50 }, (_, n) => list({ q: q(n) })),
  });
  const texts = await sql<{ text: string }>`
    select text from media where text like '% % % %' order by sha256 limit 50`.execute(db);
  const phrase = (n: number) => (texts.rows[n]?.text ?? '').split(' ').slice(1, 3).join(' ');
  const tags = await sql<{ name: string }>`select name from tags order by uses desc limit 50`.execute(db);
  const tag = (n: number) => tags.rows[n]?.name ?? '';
  const misspell = (text: string) => `${text.slice(0, 2)}q${text.slice(2)}`;

  let cursor = '';
  for (let page = 1; page < 20; page++) {
    const { nextCursor } = mediaList.parse(JSON.parse(await get(list(cursor ? { cursor } : {}))));
    cursor = nextCursor ?? '';
  }
  let deep = '';
  for (let page = 1; page < 20; page++) {
    const next = mediaList.parse(JSON.parse(await get(list({ q: word(3), ...(deep && { cursor: deep }) }))));
    deep = next.nextCursor ?? '';
  }
  let shared = '';
  for (let page = 1; page < 20; page++) {
    const path = list({ sort: 'shared', ...(shared && { cursor: shared }) });
    shared = mediaList.parse(JSON.parse(await get(path))).nextCursor ?? '';
  }
  const popular = (n: number) => word(1 + (n % 12));
  const ordered = (name: string, sort: string, q: (n: number) => string): Scenario => ({
    name,
    paths: Array.from({ length: 50 }, (_, n) => list({ q: q(n), sort })),
  });
  return [
    { name: 'first page', paths: [list({})] },
    // The app coalesces equal concurrent requests; these all differ.
    {
      name: 'different first pages',
      paths: Array.from({ length: 16 }, (_, n) => list({ limit: String(23 + n) })),
    },
    { name: '20th page', paths: [list({ cursor })] },
    { name: '20th page of a common word', paths: [list({ q: word(3), cursor: deep })] },
    {
      name: 'oldest',
      paths: Array.from({ length: 16 }, (_, n) => list({ sort: 'oldest', limit: String(23 + n) })),
    },
    {
      name: 'most shared',
      paths: Array.from({ length: 16 }, (_, n) => list({ sort: 'shared', limit: String(23 + n) })),
    },
    { name: '20th page of the most shared', paths: [list({ sort: 'shared', cursor: shared })] },
    ordered('common word, oldest', 'oldest', popular),
    ordered('common word, most shared', 'shared', popular),
    ordered('word of 1 in 100, most shared', 'shared', (n) => word(150 + n)),
    ordered('rare word, most shared', 'shared', (n) => word(15_000 + n * 90)),
    ordered('tag, most shared', 'shared', (n) => `tag:${tag(n)}`),
    many('rare word', (n) => word(15_000 + n * 90)),
    many('word of 1 in 100', (n) => word(150 + n)),
    many('common word', (n) => word(10 + n)),
    { name: 'the most common word', paths: [list({ q: word(1) })] },
    many('two words', (n) => `${word(300 + n * 7)} ${word(900 + n * 11)}`),
    many('two common words', (n) => `${word(2 + n)} ${word(20 + n)}`),
    many('two of the most common words', (n) => `${popular(n)} ${popular(n * 5 + 3)}`),
    many('five common words', (n) => [1, 2, 3, 5, 8].map((k) => word(k + n)).join(' ')),
    many('common word + rare word', (n) => `${popular(n)} ${word(12_000 + n * 90)}`),
    many('phrase', (n) => `"${phrase(n)}"`),
    many('phrase of common words', (n) => `"${popular(n)} ${popular(n * 5 + 3)}"`),
    many('prefix', (n) => word(40 + n * 13).slice(0, 4)),
    many('prefix of two letters', (n) => word(40 + n * 13).slice(0, 2)),
    many('prefix of one letter', (n) => word(40 + n * 13).slice(0, 1)),
    many('common word + prefix of two letters', (n) => `${popular(n)} ${word(40 + n * 13).slice(0, 2)}`),
    many('misspelled word', (n) => misspell(word(100 + n * 37))),
    many('common word + misspelled word', (n) => `${popular(n)} ${misspell(word(100 + n * 37))}`),
    many('two misspelled words', (n) => `${misspell(word(200 + n * 31))} ${misspell(word(100 + n * 37))}`),
    many('tag', (n) => `tag:${tag(n)}`),
    { name: 'the most popular tag', paths: [list({ tag: tag(0) })] },
    many('tag + word', (n) => `tag:${tag(n)} ${word(5 + n * 5)}`),
    many('popular tag + common word', (n) => `tag:${tag(n % 5)} ${popular(n)}`),
    many('two popular tags', (n) => `tag:${tag(n % 7)} tag:${tag(7 + (n % 7))}`),
    { name: 'type filter', paths: [list({ type: 'video' }), list({ type: 'animation' })] },
    many('type filter + word', (n) => `type:animation ${word(5 + n * 5)}`),
    many('by', (n) => `by:person${n}`),
    many('by + common word', (n) => `by:person${n} ${popular(n)}`),
    many('before', (n) => `before:2024-${(n % 12) + 1}-15`),
    many('before + common word', (n) => `before:2024-${(n % 12) + 1}-15 ${popular(n)}`),
    many(
      'a day + common word',
      (n) => `after:2024-${(n % 12) + 1}-15 before:2024-${(n % 12) + 1}-16 ${popular(n)}`,
    ),
    many(
      'a month + a word of 1 in 100',
      (n) => `after:2024-0${(n % 9) + 1} before:2024-${(n % 9) + 2} ${word(150 + n)}`,
    ),
    many('without', (n) => `-${word(1)} ${word(5 + n)}`),
    many('nothing but without a common word', (n) => `-${popular(n)}`),
    many('no match', (n) => `qqqqqqq${n}xyz`),
    many('two words that never meet', (n) => `${word(14_000 + n * 50)} ${word(17_000 + n * 50)}`),
    { name: 'untagged', paths: [list({ q: 'is:untagged' })] },
    { name: 'failed (there is none)', paths: [list({ q: 'is:failed' })] },
    { name: 'odd searches', paths: ODD.map((q) => list({ q: q(word) })) },
    {
      name: 'suggestions',
      paths: Array.from(
        { length: 50 },
        (_, n) => `/api/search/suggestions?q=${encodeURIComponent(word(3 + n * 17).slice(0, 1 + (n % 4)))}`,
      ),
    },
  ];
}

/** Pasted texts and attacks: none may take half a second. */
const ODD: ((word: (rank: number) => string) => string)[] = [
  () => 'ja on the and',
  () => '!!! ??? ***',
  () => 'tag:',
  () => '%%% ___ \\\\ *',
  () => "'; drop table media; --",
  () => '\0',
  () => '\ud800',
  () => '😀😀😀',
  () => 'x'.repeat(1000),
  () => 'a '.repeat(500),
  (word) =>
    Array.from({ length: 500 }, (_, n) => word(n + 1))
      .join(' ')
      .slice(0, 1000),
  (word) => `"${Array.from({ length: 120 }, (_, n) => word((n % 3) + 1)).join(' ')}`.slice(0, 1000),
  (word) => `"${Array.from({ length: 120 }, (_, n) => word((n % 3) + 1)).join(' ')}`.slice(0, 999) + '"',
  (word) => Array.from({ length: 40 }, (_, n) => `-${word(n + 1)}`).join(' '),
  (word) => Array.from({ length: 40 }, (_, n) => `"${word(1)} ${word(n + 1)}"`).join(' '),
  () => Array.from({ length: 26 }, (_, n) => String.fromCodePoint(97 + n)).join(' '),
  () => Array.from({ length: 40 }, (_, n) => `kaqwl${n}a`).join(' '),
  () => Array.from({ length: 60 }, (_, n) => `tag:nothing${n}`).join(' '),
  () => 'before:1970 after:9999',
  () => Array.from({ length: 120 }, (_, n) => String.fromCodePoint(0x4e00 + n)).join(' '),
  () => 'ﷺ'.repeat(300),
];
