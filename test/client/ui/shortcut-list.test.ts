import { glob, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { SHORTCUTS } from '../../../client/ui/shortcut-list.ts';

/** Labels of keys whose label is not their name. */
const WRITTEN: Record<string, string> = {
  ' ': 'Space',
  '-': '−',
  '=': '+', // the same key without Shift
  a: 'A',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  Escape: 'Esc',
};

/** Keys with a usual meaning in every field and dialog of every page. Nobody looks these up. */
const USUAL = new Set(['Tab', 'Backspace', ',']);

/**
 * Matches `event.key === 'x'`, also in lower case. Also matches the branches of a `switch` or
 * comparison over `key`.
 */
const ASKED = /\bkey(?:\.toLowerCase\(\))? [!=]== '([^']+)'|case '(\w+)':/g;

it('the sheet of keys names every key that the page listens for', async () => {
  const asked = new Set<string>();
  for await (const path of glob('client/**/*.{ts,tsx}')) {
    const source = await readFile(path, 'utf8');
    if (!/\bkey: string|KeyboardEvent|event\.key\b/.test(source)) continue;
    for (const [, compared, branch] of source.matchAll(ASKED)) asked.add(compared ?? branch ?? '');
  }
  expect(asked).toContain('ArrowLeft');
  expect(asked.size).toBeGreaterThan(15);
  const named = new Set<string>(SHORTCUTS.flatMap(([keys]) => keys.flatMap((key) => key.split(/(?<=.) /))));
  const unnamed = [...asked].filter((key) => !USUAL.has(key) && !named.has(WRITTEN[key] ?? key));
  expect(unnamed).toEqual([]);
});
