import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FORMAT_LABELS, FORMAT_NAMES, FORMATS, isStored } from '../../../app/media/formats/formats.limits.ts';
import { contentTypeOf } from '../../../app/storage/content-types.ts';

const STORED = FORMAT_NAMES.filter(isStored).map((name) => FORMATS[name]);

/** Returns the first column of the table below a heading of docs/media.md, as lists of names. */
async function rowsOf(heading: string): Promise<string[][]> {
  const page = await readFile(join(import.meta.dirname, '../../../docs/media.md'), 'utf8');
  const lines = page.slice(page.indexOf(`\n## ${heading}\n`)).split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, at) => at > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) => (line.split('|')[1] ?? '').trim().split(', '));
}

describe('the table of formats', () => {
  it('has a row in docs/media.md for each format', async () => {
    const rows = await rowsOf('Formats');
    expect(rows.map(([label]) => label).toSorted()).toEqual(FORMAT_LABELS.toSorted());
  });

  it('has a row on metadata in docs/media.md for each format', async () => {
    expect((await rowsOf('Metadata')).flat().toSorted()).toEqual(FORMAT_LABELS.toSorted());
  });

  it('gives each stored format a content type and an extension of its own', () => {
    for (const { mime, extension } of STORED) expect(contentTypeOf(`key.${extension}`)).toBe(mime);
    expect(new Set(STORED.map(({ mime }) => mime)).size).toBe(STORED.length);
    expect(contentTypeOf('key.heic')).toBe('application/octet-stream');
  });
});
