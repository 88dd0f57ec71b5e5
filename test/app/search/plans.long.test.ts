import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { connect, type Database } from '../../../app/db/client.ts';
import { createLogger } from '../../../app/logger.ts';
import { createForms } from '../../../app/search/word-forms.ts';
import { parseQuery } from '../../../app/search/parse-query.ts';
import { ALL_IDS } from '../../../app/search/list-window.ts';
import { planPage, type PagePlan } from '../../../app/search/plan/page-plan.ts';
import { planSearch } from '../../../app/search/plan/plan-search.ts';
import { createStatistics } from '../../../app/search/plan/statistics.ts';
import { rankedPage } from '../../../app/search/search.repository.ts';
import { seedSearch } from '../../bench/search-seed.ts';
import { createTestDatabase, type TestDatabase } from '../../support/databases/database.ts';
import { openClient } from '../../support/databases/connections.ts';

/** Number of items, as the issue demands. At this size a scan of the whole table shows. */
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
  client = await explaining(database.url);
});
afterAll(async () => {
  await client.end();
  await db.destroy();
  await database[Symbol.asyncDispose]();
});

/**
 * Opens a connection that reports its plans, also of statements inside functions.
 * https://www.postgresql.org/docs/current/auto-explain.html
 */
async function explaining(url: string): Promise<Client> {
  const explained = await openClient(url);
  await explained.query(`load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
    set auto_explain.log_format = json; set client_min_messages = log`);
  return explained;
}

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

/**
 * Returns how tables are read, in the order of execution: "Bitmap Index Scan media_search_terms", …
 */
function scansOf(node: PlanNode): string[] {
  const target = node['Index Name'] ?? node['Relation Name'];
  const own = target === undefined ? [] : [`${node['Node Type']} ${target}`];
  return [...(node.Plans ?? []).flatMap(scansOf), ...own];
}

/**
 * Runs a statement.
 * @returns how it, and everything inside it, read its tables
 */
async function scansWhile(
  on: Client,
  statement: string,
  parameters: readonly unknown[] = [],
): Promise<string[]> {
  const plans: string[] = [];
  const note = ({ message }: { message?: string | undefined }) => {
    const json = message?.startsWith('duration:') ? message.slice(message.indexOf('{')) : undefined;
    if (!json) return;
    const { 'Query Text': text, Plan: plan } = logged.parse(JSON.parse(json));
    // The estimate only asks for a plan and runs nothing.
    if (!text.startsWith('explain')) plans.push(...scansOf(plan));
  };
  on.on('notice', note);
  await on.query(statement, [...parameters]);
  on.off('notice', note);
  return plans.filter((scan) => !scan.includes('pg_'));
}

/** Returns how a search page is read: first the lookup of items, then the fetch of their rows. */
async function page(text: string): Promise<string[]> {
  const id = ALL_IDS.bottom;
  const plan = await planSearch(parseQuery(text), {
    db,
    forms: createForms(db),
    statistics: await createStatistics(db)(),
    by: { sessionId: id, id, username: 'aino', role: 'admin' },
  });
  if (!plan) throw new Error(`${text} asks for nothing`);
  const statement = rankedPage(db, planPage(plan, { span: plan.span, before: null, limit: 31 }, 1)).compile();
  return [...new Set(await scansWhile(client, statement.sql, statement.parameters))];
}

const word = (rank: number) => words[rank - 1] ?? '';

describe(`the plans at ${ITEMS} items`, () => {
  const walk = 'Index Scan media_search_pkey';
  const lookUp = ['Bitmap Index Scan media_search_terms', 'Bitmap Heap Scan media_search'];
  const fetch = ['Index Scan media_pkey'];

  it.each<[string, () => string, string[]]>([
    ['the most common word', () => word(1), [walk]],
    ['a common word', () => word(5), [walk]],
    ['two of the most common words', () => `${word(1)} ${word(2)}`, [walk]],
    ['a rare word', () => word(15_000), lookUp],
    ['two words', () => `${word(500)} ${word(900)}`, lookUp],
    ['a common word and a rare one', () => `${word(1)} ${word(9000)}`, lookUp],
    ['no match', () => `qqqqq`, lookUp],
    ['a rare prefix', () => word(9000).slice(0, 6), lookUp],
    ['a popular tag', () => `tag:${tags[0]}`, [walk]],
    ['a rare tag', () => `tag:${tags[1900]}`, lookUp],
    ['a rare tag and a word', () => `tag:${tags[1500]} ${word(3)}`, lookUp],
    ['a type', () => `type:video`, [walk]],
    ['all but a word', () => `-${word(1)}`, [walk]],
    [
      'all but the forty most common words',
      () =>
        words
          .slice(0, 40)
          .map((w) => `-${w}`)
          .join(' '),
      [walk],
    ],
    ['a phrase of common words', () => `"${word(1)} ${word(2)}"`, lookUp],
    ['a phrase of rare words', () => `"${word(700)} ${word(800)}"`, lookUp],
  ])('%s', async (_, text, expected) => {
    const scans = await page(text());
    expect(scans.filter((scan) => scan.includes('media_search'))).toEqual(expected);
    expect(scans.filter((scan) => /^Seq Scan media(_|$)/.test(scan) && !scan.includes('stages'))).toEqual([]);
    // The statement that fetches rows is planned even if the search finds nothing.
    expect(scans).toEqual(expect.arrayContaining(fetch));
  });

  it.each([
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
    const scans = await scansWhile(client, statement, parameter === null ? [] : [parameter]);
    expect(scans.length).toBeGreaterThan(0);
    expect(scans.filter((scan) => scan.startsWith('Seq Scan'))).toEqual([]);
  });
});

describe('the functions of the search', () => {
  let empty: TestDatabase;
  let early: Client;
  beforeAll(async () => {
    empty = await createTestDatabase();
    early = await explaining(empty.url);
  });
  afterAll(async () => {
    await early.end();
    await empty[Symbol.asyncDispose]();
  });

  const span = `'${ALL_IDS.bottom}', '${ALL_IDS.top}'`;
  const lookUp = ['Bitmap Index Scan media_search_terms', 'Bitmap Heap Scan media_search'];
  const vocabulary = (index: string) => [`Bitmap Index Scan ${index}`, 'Bitmap Heap Scan search_words'];
  /** Runs a page of the one tier that looks these up together. */
  const results = (...conditions: string[]) => {
    const plan: PagePlan = {
      groups: [{ lastTier: 1, lookUpAll: true, conditions, rowCheck: null }],
      tiers: [{ plain: 'a', query: 'a', indexed: 'a', lookupCost: 1000, share: 0.1 }],
      countAll: false,
      ...ALL_IDS,
      itemsInRange: 1000,
      fromTier: 1,
      before: ALL_IDS.top,
      wanted: 31,
    };
    return `select * from search_results('${JSON.stringify(plan)}')`;
  };

  it.each<[string, string, string[]]>([
    [
      'search_newest_matches',
      `select * from search_newest_matches('a', ${span}, 100, 31)`,
      ['Index Scan media_search_pkey'],
    ],
    ['search_scan_end', `select search_scan_end(${span}, 1)`, ['Index Only Scan media_search_pkey']],
    ['search_index_matches', `select * from search_index_matches('a', 'a & !b', ${span}, 31)`, lookUp],
    ['search_results with one condition', results('a'), lookUp],
    ['search_results with two conditions', results('a', 'b'), lookUp],
    ['search_results with three conditions', results('a', 'b', 'c'), lookUp],
    ['search_results with four conditions', results('a', 'b', 'c', 'd'), lookUp],
    [
      'search_spellings',
      `select * from search_spellings('{koira,koiran}')`,
      vocabulary('search_words_folded'),
    ],
    [
      'search_similar',
      `select * from search_similar('kalqaa', '{aklqaa,klaqaa}', 40)`,
      [...vocabulary('search_words_folded'), ...vocabulary('search_words_similar')],
    ],
    ['search_containing', `select search_containing('kalaa', 5)`, vocabulary('search_words_similar')],
  ])('%s is planned the same in an empty folder and in a full one', async (_, statement, expected) => {
    // Runs once per connection, perhaps before any data exists.
    expect(await scansWhile(early, statement)).toEqual(expected);
    expect(await scansWhile(client, statement)).toEqual(expected);
  });
});
