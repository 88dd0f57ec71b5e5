import type { Database } from '../db/client.ts';
import type { Match, MediaList, MediaListQuery } from '../media/media.schema.ts';
import { toListItem } from '../media/media.view.ts';
import type { Storage } from '../storage/storage.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { listNewest, MARK_END, MARK_START, searchNewest, type FoundRow } from './search.repository.ts';
import { wordsOf } from './words.ts';

export interface SearchService {
  /**
   * A page of items, newest first: all, or those that have every word of `q` in title, text, description or file name.
   * A search without a single letter or digit finds nothing. Errors: invalid_cursor.
   */
  list(query: MediaListQuery): Promise<MediaList>;
}

export function createSearch(db: Database, storage: Storage): SearchService {
  return {
    async list({ q = '', cursor, limit }) {
      const before = cursor === undefined ? null : decodeCursor(cursor, q);
      const page = { before, limit: limit + 1 }; // one more tells whether there is a next page
      const found = q === '' ? await newest(db, page) : await search(db, q, page);
      const items = found.slice(0, limit).map(({ row, match }) => toListItem(row, storage, match));
      const last = items.at(-1);
      return { items, nextCursor: found.length > limit && last ? encodeCursor(last.id, q) : null };
    },
  };
}

type Page = Parameters<typeof listNewest>[1];

const newest = async (db: Database, page: Page) =>
  (await listNewest(db, page)).map((row) => ({ row, match: null }));

async function search(db: Database, q: string, page: Page) {
  const words = wordsOf(q);
  if (words.length === 0) return [];
  return (await searchNewest(db, words, page)).map((row) => ({ row, match: matchOf(row) }));
}

function matchOf(row: FoundRow): Match | null {
  if (row.title_match !== null) return { field: 'title', ...unmark(row.title_match) };
  if (row.text_match !== null) return { field: 'text', ...unmark(row.text_match) };
  return null;
}

/** A headline with marks → plain text and where the marks were. */
export function unmark(headline: string): Pick<Match, 'snippet' | 'marks'> {
  const marks: Match['marks'] = [];
  let snippet = '';
  for (const [i, part] of headline.split(MARK_START).entries()) {
    const [marked = '', rest] = i === 0 ? ['', part] : part.split(MARK_END);
    if (i > 0) marks.push([snippet.length, snippet.length + marked.length]);
    snippet += marked + (rest ?? '');
  }
  return { snippet, marks };
}
