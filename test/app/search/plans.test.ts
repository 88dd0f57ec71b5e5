import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connect, type Database } from '../../../app/db/client.ts';
import { createLogger } from '../../../app/logger.ts';
import { EVERYTHING } from '../../../app/search/search.repository.ts';
import { seedSearch } from '../../bench/search-seed.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

/** What the issue names: at this size a scan of the whole table would show. */
const ITEMS = 100_000;

let database: TestDatabase;
let db: Database;
let client: Client;
let words: string[];
let tags: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  db = connect(database.url, createLogger('warn', false));
  ({ words, tags } = await seedSearch(db, ITEMS));
  client = new Client({ connectionString: database.url });
  await client.connect();
  // Plans of the statements inside the functions too: https://www.postgresql.org/docs/current/auto-explain.html
  await client.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
    set auto_explain.log_format = json; set client_min_messages = log`);
}, 300_000);
afterAll(async () => {
  await client.end();
  await db.destroy();
  await database[Symbol.asyncDispose]();
});

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string | undefined;
  'Index Name'?: string | undefined;
  Plans?: PlanNode[] | undefined;
}
const planNode: z.ZodType<PlanNode> = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  'Index Name': z.string().optional(),
  get Plans() {
    return z.array(planNode).optional();
  },
});
const logged = z.object({ 'Query Text': z.string(), Plan: planNode });

/** How tables are read, in the order of execution: "Bitmap Index Scan media_search_terms", … */
function scansOf(node: PlanNode): string[] {
  const target = node['Index Name'] ?? node['Relation Name'];
  const own = target === undefined ? [] : [`${node['Node Type']} ${target}`];
  return [...(node.Plans ?? []).flatMap(scansOf), ...own];
}

/** Runs a statement and answers how it, and everything inside it, read its tables. */
async function scansWhile(statement: string, parameters: unknown[]): Promise<string[]> {
  const plans: string[] = [];
  const note = ({ message }: { message?: string | undefined }) => {
    const json = message?.startsWith('duration:') ? message.slice(message.indexOf('{')) : undefined;
    if (!json) return;
    const { 'Query Text': text, Plan: plan } = logged.parse(JSON.parse(json));
    // The estimate only asks for a plan and runs nothing.
    if (!text.startsWith('explain')) plans.push(...scansOf(plan));
  };
  client.on('notice', note);
  await client.query(statement, parameters);
  client.off('notice', note);
  return plans.filter((scan) => !scan.includes('pg_'));
}

const PAGE = `select * from search_page($1::text[]::tsquery[], $1::text[]::tsquery[], $2, 1, '${EVERYTHING.bottom}', '${EVERYTHING.top}', '${EVERYTHING.top}', 31)`;
const page = (query: string, thin = 1) => scansWhile(PAGE, [[query], thin]);

const word = (rank: number) => `'${words[rank - 1]}'`;

describe(`the plans at ${ITEMS} items`, () => {
  const walks = ['Index Scan media_search_pkey'];
  const gathers = ['Bitmap Index Scan media_search_terms', 'Bitmap Heap Scan media_search'];

  it.each<[string, () => string, string[]]>([
    ['the most common word', () => word(1), walks],
    ['a common word', () => word(5), walks],
    ['a rare word', () => word(15_000), gathers],
    ['two words', () => `${word(500)} & ${word(900)}`, gathers],
    ['no match', () => `'qqqqq'`, gathers],
    ['a prefix', () => `'${words[2000]?.slice(0, 5)}':*`, gathers],
    ['a popular tag', () => `'#${tags[0]}'`, walks],
    ['a rare tag', () => `'#${tags[1900]}'`, gathers],
    ['a rare tag and a word', () => `'#${tags[1500]}' & ${word(3)}`, gathers],
    ['a type', () => `'@kind:video'`, walks],
    ['all but a word', () => `!${word(1)}`, walks],
  ])('%s', async (_, query, expected) => {
    expect([...new Set(await page(query()))]).toEqual(expected);
  });

  it('a phrase of common words is walked to, one of rare words gathered', async () => {
    expect(await page(`${word(1)} <-> ${word(2)}`, 0.05)).toEqual(walks);
    expect(await page(`${word(700)} <-> ${word(800)}`, 0.05)).toEqual(gathers);
  });

  it.each([
    [
      'corrections',
      `select word from search_words where folded % $1 order by similarity(folded, $1) desc limit 40`,
      'kalqaa',
    ],
    [
      'words that begin so',
      `select word from search_words where folded like $1 order by items desc limit 24`,
      'kalaa%',
    ],
    [
      'items by id',
      `select id from media where id = any(select media_id from media_search order by media_id desc limit 30)`,
      null,
    ],
    ['the newest', `select id from media where deleted_at is null order by id desc limit 31`, null],
    [
      'one drawn by lot',
      `select media_id from media_search where live and lot >= 0.5 order by lot limit 1`,
      null,
    ],
  ])('%s are found by an index', async (_, statement, parameter) => {
    const scans = await scansWhile(statement, parameter === null ? [] : [parameter]);
    expect(scans.length).toBeGreaterThan(0);
    expect(scans.filter((scan) => scan.startsWith('Seq Scan'))).toEqual([]);
  });
});
