import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readExceptions, scannerConfig, sortExceptions } from '../../.github/scripts/scan-exceptions.ts';

// Tests the way past the scan of the image.

const today = new Date('2026-11-30T12:00:00Z');
const entry = (until: string, vulnerability = 'CVE-2026-12345') =>
  JSON.stringify([{ vulnerability, reason: 'The image does not run that program.', until }]);

describe('an accepted vulnerability', () => {
  it.each([
    ['2026-11-30', true],
    ['2026-11-29', false],
  ])('until %s holds today: %s', (until, holds) => {
    const { holding, over } = sortExceptions(readExceptions(entry(until), today), today);
    expect([holding.length, over.length]).toEqual(holds ? [1, 0] : [0, 1]);
  });

  it('is ignored by the scanner, with its reason', () => {
    const { holding } = sortExceptions(readExceptions(entry('2026-12-31'), today), today);
    expect(JSON.parse(scannerConfig(holding))).toEqual({
      ignore: [{ vulnerability: 'CVE-2026-12345', reason: 'The image does not run that program.' }],
    });
  });

  it.each([
    ['for years', entry('2028-01-01'), /at most 92 days/],
    ['without a reason', entry('2026-12-31').replace('reason', 'because'), /reason/],
    ['without a last day', entry('soon'), /until/],
    ['by the name of a package', entry('2026-12-31', 'openssl'), /vulnerability/],
    ['with a word that is unknown', entry('2026-12-31').replace('}', ',"severity":"low"}'), /severity/],
  ])('is refused %s', (_, text, said) => {
    expect(() => readExceptions(text, today)).toThrow(said);
  });
});

it('the exceptions of this repository can be read, as the example in docs/image.md', () => {
  const read = (name: string) => readFileSync(join(import.meta.dirname, '../..', name), 'utf8');
  const late = new Date('2999-01-01');
  expect(() => readExceptions(read('.github/scan-exceptions.json'), late)).not.toThrow();
  const [, example = ''] = /```json\n([^`]*CVE-[^`]*)```/.exec(read('docs/image.md')) ?? [];
  expect(readExceptions(example, late)).toHaveLength(1);
});
