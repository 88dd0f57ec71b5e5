import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MediaList } from '../../../app/media/media.schema.ts';
import { fetchPage } from '../../../client/library/list.queries.ts';
import { listItem } from '../support/items.ts';

const item = listItem(1);

afterEach(() => vi.unstubAllGlobals());

/** The search parts of the requested addresses. */
const searches: string[] = [];

/** Stands in for a server with these pages, by their cursor; '' is the first. */
function withServer(pages: Record<string, Partial<MediaList>>): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    const cursor = new URL(url, 'https://localhost').searchParams.get('cursor') ?? '';
    asked.push(cursor);
    searches.push(new URL(url, 'https://localhost').search);
    return Response.json({ items: [], nextCursor: null, total: null, corrected: null, ...pages[cursor] });
  });
  return asked;
}

describe('a page', () => {
  const total = { value: 1, exact: false };

  it('that is empty but for where to go on is asked for further, and keeps what only the first answer tells', async () => {
    const asked = withServer({
      '': { nextCursor: 'a', total },
      a: { nextCursor: 'b' },
      b: { items: [item], nextCursor: 'c' },
    });
    expect(await fetchPage('koira', '')).toEqual({ items: [item], nextCursor: 'c', total, corrected: null });
    expect(asked).toEqual(['', 'a', 'b']);
  });

  it('that is empty and the last is the end', async () => {
    const asked = withServer({ '': { nextCursor: 'a' } });
    expect(await fetchPage('koira', '')).toMatchObject({ items: [], nextCursor: null });
    expect(asked).toEqual(['', 'a']);
  });

  it('with something in it is one request', async () => {
    const asked = withServer({ a: { items: [item], nextCursor: 'b' } });
    await fetchPage('koira', 'a');
    expect(asked).toEqual(['a']);
  });

  it('is asked for in the order of the query, which the trash does not have', async () => {
    withServer({ '': { items: [item] } });
    for (const q of ['sort:oldest', 'koira type:video sort:shared', 'is:trash sort:oldest', 'koira'])
      await fetchPage(q, '');
    expect(searches.splice(-4).map((search) => new URLSearchParams(search))).toEqual(
      ['sort=oldest', 'sort=shared&q=koira+type%3Avideo', 'trash=true', 'q=koira'].map(
        (search) => new URLSearchParams(`limit=60&${search}`),
      ),
    );
  });
});
