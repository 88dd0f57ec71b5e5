import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaList, type MediaList } from '../../../app/media/media.schema.ts';
import { createTestApp, type TestApp, type Visitor } from '../../support/servers/app.ts';
import { fillFolder, type FolderItem } from '../../support/databases/fill-library.ts';

/** Oldest first. Among equals, the lower one ranks first. */
const folder = {
  'dog-text': { text: 'when the dogs are running home' },
  'koira-title': { title: 'Koira saunassa' },
  'koiran-title': { title: 'Koiran elämää' },
  'koirille-text': { text: 'Ruokaa koirille, kiitos' },
  'koira-text': { text: 'minun koira nukkuu aina' },
  'koiranpentu-title': { title: 'Koiranpentu' },
  'koira-tag': { title: 'Hauva', tags: ['koira', 'hauska'] },
  'kissa-tag': { text: 'nukkuu aina', tags: ['kissa', 'hauska'] },
  kissoja: { text: 'Monta kissoja ja koiria' },
  aiti: { title: 'Äiti tulee' },
  aiti2: { title: 'aiti ilman pisteitä' },
  aidille: { text: 'Kortti äidille' },
  saa: { title: 'Kaunis sää' },
  saa2: { title: 'Kuka saa voittaa' },
  katu: { text: 'tyhjä katu' },
  kadulla: { text: 'kävellään kadulla' },
  hevonen: { text: 'hevonen laukkaa' },
  hevosia: { text: 'kaksi hevosia' },
  meemeja: { description: 'parhaita meemejä' },
  ilta: { text: 'hyvää ilta' },
  illalla: { text: 'nähdään illalla' },
  'monday-title': { title: 'Monday again' },
  'monday-text': { text: 'I hate monday mornings' },
  mondays: { text: 'case of the mondays' },
  cat: { title: 'Grumpy cat', tags: ['classic'] },
  cats: { text: 'cats everywhere' },
  category: { text: 'category theory' },
  running: { title: 'Running late' },
  runs: { text: 'he runs' },
  happy: { text: 'so happy' },
  phrase: { text: 'one does not simply walk into mordor' },
  scattered: { text: 'walk simply, does one not? into the mordor' },
  cafe: { title: 'Café au lait' },
  file: { name: 'vacation_photo-2024.jpg' },
  video: { kind: 'video', title: 'Tanssiva karhu' },
  gif: { kind: 'animation', text: 'karhu tanssii' },
  failed: { state: 'failed', name: 'rikki.png' },
  'multi-tag': { tags: ['iso-koira', 'ääliö'] },
  lammas: { title: 'Musta lammas' },
  lampaat: { text: 'laskee lampaita, lampaat juoksevat' },
  lamppu: { text: 'lamppu palaa' },
  kasi: { text: 'anna käsi' },
  kadet: { title: 'Kädet ylös' },
  taloissa: { text: 'asuvat taloissa' },
  vuodet: { text: 'vuodet kuluvat' },
  kissan: { description: 'kissan elämää' },
  puolukka: { text: 'puolukkapiirakka uunissa' },
  kotona: { text: 'kotona taas' },
  kotini: { text: 'kotini on linnani' },
  gone: { title: 'Koira roskissa', deleted: true },
} as const satisfies Record<string, FolderItem>;

type Name = keyof typeof folder;

let app: TestApp;
let aino: Visitor;
const names = new Map<string, string>();

async function search(q: string, params: Record<string, string> = {}): Promise<MediaList> {
  const response = await aino.request(`/api/media?${new URLSearchParams({ q, limit: '100', ...params })}`);
  expect(response.status, await response.clone().text()).toBe(200);
  return mediaList.parse(await response.json());
}
const found = async (q: string, params = {}) =>
  (await search(q, params)).items.map((item) => names.get(item.id));

beforeAll(async () => {
  app = await createTestApp();
  aino = await app.admin();
  const { id } = await app.deps.db.selectFrom('users').select('id').executeTakeFirstOrThrow();
  const ids = await fillFolder(app.deps.db, id, Object.values(folder));
  for (const [i, name] of Object.keys(folder).entries()) names.set(ids[i] ?? '', name);
});
afterAll(() => app[Symbol.asyncDispose]());

const table: [query: string, expected: Name[]][] = [
  [
    'koira',
    [
      'multi-tag',
      'koira-tag',
      'koira-title',
      'koira-text',
      'koiran-title',
      'kissoja',
      'koirille-text',
      'koiranpentu-title',
    ],
  ],
  [
    'koiran',
    [
      'koiran-title',
      'multi-tag',
      'koira-tag',
      'koira-title',
      'kissoja',
      'koira-text',
      'koirille-text',
      'koiranpentu-title',
    ],
  ],
  [
    'koirille',
    ['koirille-text', 'multi-tag', 'koira-tag', 'koiran-title', 'koira-title', 'kissoja', 'koira-text'],
  ],
  [
    'koir',
    [
      'multi-tag',
      'koira-tag',
      'koiran-title',
      'koira-title',
      'kissoja',
      'koira-text',
      'koirille-text',
      'koiranpentu-title',
    ],
  ],
  ['koiranpentu', ['koiranpentu-title']],
  ['kissa', ['kissa-tag', 'kissan', 'kissoja']],
  ['kissoja', ['kissoja', 'kissa-tag', 'kissan']],
  ['kissan', ['kissan', 'kissa-tag', 'kissoja']],
  ['lammas', ['lammas', 'lampaat']],
  ['lampaat', ['lampaat', 'lammas', 'lamppu']],
  ['lampaan', ['lammas', 'lamppu', 'lampaat']],
  ['lampaissa', ['lammas', 'lamppu', 'lampaat']],
  ['käsi', ['kasi', 'kadet']],
  ['kädet', ['kadet', 'kasi']],
  ['käteen', ['kadet', 'kasi']],
  ['kasi', ['kadet', 'kasi']],
  ['talo', ['taloissa']],
  ['talot', ['taloissa']],
  ['koti', ['kotini', 'kotona']],
  ['kodissa', ['kotini', 'kotona']],
  ['taloni', ['taloissa']],
  ['hevoseni', ['hevosia', 'hevonen']],
  ['vuosi', ['vuodet']],
  ['-lammas laskee', []],
  ['"lammas"', ['lammas']],
  ['"lammas" lampaat', ['lammas']],
  ['piirakka', ['puolukka']],
  ['kisso', ['kissa-tag', 'kissan', 'kissoja']],
  ['äiti', ['aiti', 'aiti2', 'aidille']],
  ['aiti', ['aiti2', 'aiti', 'aidille']],
  ['äidille', ['aidille', 'aiti2', 'aiti']],
  ['AITI', ['aiti2', 'aiti', 'aidille']],
  ['sää', ['saa', 'saa2']],
  ['saa', ['saa2', 'saa']],
  ['katu', ['katu', 'kadulla']],
  ['kadulla', ['kadulla', 'katu']],
  ['hevonen', ['hevonen', 'hevosia']],
  ['hevosia', ['hevosia', 'hevonen']],
  ['hevosen', ['hevosia', 'hevonen']],
  ['meemi', ['meemeja']],
  ['meemejä', ['meemeja']],
  ['ilta', ['ilta', 'illalla']],
  ['illalla', ['illalla', 'ilta']],
  ['dog', ['dog-text']],
  ['dogs', ['dog-text']],
  ['monday', ['monday-title', 'monday-text', 'mondays']],
  ['mondays', ['mondays', 'monday-title', 'monday-text']],
  ['cat', ['cat', 'cats', 'category']],
  ['cats', ['cats', 'cat']],
  ['cate', ['cat', 'cats', 'category']],
  ['run', ['running', 'runs', 'dog-text']],
  ['running', ['running', 'dog-text', 'runs']],
  ['happy', ['happy']],
  ['"one does not simply"', ['phrase']],
  ['"simply walk"', ['phrase']],
  ['simply walk', ['scattered', 'phrase']],
  ['"does one"', ['scattered']],
  ['mordor walk', ['scattered', 'phrase']],
  ['cafe', ['cafe']],
  ['café', ['cafe']],
  ['vacation', ['file']],
  ['photo 2024', ['file']],
  ['2024', ['file']],
  ['tag:koira', ['koira-tag']],
  ['tag:"iso koira"', ['multi-tag']],
  ['tag:hauska', ['kissa-tag', 'koira-tag']],
  ['tag:hauska -tag:kissa', ['koira-tag']],
  ['nukkuu tag:kissa', ['kissa-tag']],
  ['type:video', ['video']],
  ['type:gif', ['gif']],
  ['karhu', ['video', 'gif']],
  ['karhu type:video', ['video']],
  ['karhu -type:video', ['gif']],
  ['is:failed', ['failed']],
  ['is:untagged kissoja', ['kissoja', 'kissan']],
  [
    'koira -saunassa',
    ['multi-tag', 'koira-tag', 'koira-text', 'koiran-title', 'kissoja', 'koirille-text', 'koiranpentu-title'],
  ],
  ['-koira nukkuu', ['kissa-tag']],
  ['nukkuu -"minun koira"', ['kissa-tag']],
  ['hauska', ['kissa-tag', 'koira-tag']],
  ['iso', ['multi-tag']],
  ['koira sauna', ['koira-title']],
  ['ääliö', ['multi-tag']],
  ['aalio', ['multi-tag']],
  ['aina nukk', ['kissa-tag', 'koira-text']],
  ['by:aino karhu', ['video', 'gif']],
  ['by:nobody karhu', []],
  ['is:mine karhu', ['video', 'gif']],
  ['grumpy classic', ['cat']],
  [
    'koirq',
    [
      'multi-tag',
      'koira-tag',
      'koira-title',
      'koira-text',
      'koiran-title',
      'kissoja',
      'koirille-text',
      'koiranpentu-title',
    ],
  ],
  ['mnday', ['monday-title', 'monday-text', 'mondays']],
  ['hevonne', ['hevonen', 'hevosia']],
  ['the', ['scattered', 'mondays', 'dog-text', 'category']],
  ['ja', ['kissoja']],
  ['kaunis', ['saa']],
  ['after:2026 karhu', ['video', 'gif']],
  ['before:2026 karhu', []],
  ['tag: koira', []],
  [
    'koira"',
    [
      'multi-tag',
      'koira-tag',
      'koira-title',
      'koira-text',
      'koiran-title',
      'kissoja',
      'koirille-text',
      'koiranpentu-title',
    ],
  ],
  ['type:foo koira', []],
];

describe('a search', () => {
  it.each(table)('%s', async (query, expected) => expect(await found(query)).toEqual(expected));
});
