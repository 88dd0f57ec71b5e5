import { glob, readFile } from 'node:fs/promises';
import { parseSync } from 'vite';
import { expect, it } from 'vitest';

/** Attributes that users read or hear. */
const SPOKEN = new Set([
  'alt',
  'aria-description',
  'aria-label',
  'aria-placeholder',
  'aria-roledescription',
  'aria-valuetext',
  'label',
  'placeholder',
  'title',
]);

/** The product name, and key names that are the same on every keyboard. */
const NAMES = new Set(['meemikansio']);

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

const isNode = (tree: unknown): tree is Node =>
  typeof tree === 'object' && tree !== null && 'type' in tree && typeof tree.type === 'string';

const nodesOf = (tree: unknown): Node[] => (Array.isArray(tree) ? tree.filter(isNode) : []);

/** `area.what`, the key of a text in a dictionary. */
const KEY = /^[a-z]\w*(?:\.[\w-]+)+$/;

const isWords = (value: unknown): value is string =>
  typeof value === 'string' && /\p{L}{2,}/u.test(value) && !KEY.test(value) && !NAMES.has(value.trim());

/** Returns the literal texts an expression may give: itself, or a branch of a condition. */
function literals(expression: unknown): unknown[] {
  if (!isNode(expression)) return [];
  const { type } = expression;
  if (type === 'Literal') return [expression['value']];
  if (type === 'TemplateLiteral')
    return nodesOf(expression['quasis']).map(({ value }) => Object.values(value ?? {})[0]);
  if (type === 'ConditionalExpression')
    return [...literals(expression['consequent']), ...literals(expression['alternate'])];
  if (type === 'LogicalExpression') return literals(expression['right']);
  if (type === 'JSXExpressionContainer') return literals(expression['expression']);
  return [];
}

/** Lists the texts in JSX that are the same in every language. */
function hardCoded(tree: unknown): string[] {
  if (Array.isArray(tree)) return tree.flatMap(hardCoded);
  if (!isNode(tree)) return [];
  const inside = Object.values(tree).flatMap(hardCoded);
  return [...inside, ...own(tree).filter(isWords)];
}

function own(tree: Node): unknown[] {
  if (tree.type === 'JSXText') return [tree['value']];
  if (tree.type === 'JSXElement' || tree.type === 'JSXFragment')
    return nodesOf(tree['children'])
      .filter(({ type }) => type === 'JSXExpressionContainer')
      .flatMap(literals);
  if (tree.type !== 'JSXAttribute') return [];
  const name = isNode(tree['name']) ? tree['name']['name'] : undefined;
  return typeof name === 'string' && SPOKEN.has(name) ? literals(tree['value']) : [];
}

const findIn = (file: string, source: string) => hardCoded(parseSync(file, source).program);

it('finds words wherever JSX can hide them', () => {
  const found = (jsx: string) => findIn('a.tsx', `const a = ${jsx};`).map((words) => words.trim());
  expect(found('<p>Hello {name}</p>')).toEqual(['Hello']);
  expect(found('<Show when={x} fallback={<b>None here</b>}>{y}</Show>')).toEqual(['None here']);
  expect(found('<p>{open ? "Shut it" : t("open")}</p>')).toEqual(['Shut it']);
  expect(found('<button aria-label="Close" class="button">×</button>')).toEqual(['Close']);
  expect(found('<img alt={name || `A picture`} />')).toEqual(['A picture']);
  expect(found('<p class="notice" lang={name}>{t("a.b")} · 1</p>')).toEqual([]);
});

it('finds none in the sources: every word the page says comes from a dictionary', async () => {
  const found: string[] = [];
  let files = 0;
  for await (const file of glob('client/**/*.tsx')) {
    files += 1;
    for (const words of findIn(file, await readFile(file, 'utf8'))) found.push(`${file}: ${words.trim()}`);
  }
  expect(files).toBeGreaterThan(40);
  expect(found).toEqual([]);
});
