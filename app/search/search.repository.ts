import { sql, type RawBuilder } from 'kysely';
import type { Database } from '../db/client.ts';
import { selectMedia, type MediaRow } from '../media/media.repository.ts';

export interface Page {
  /** Only items older than this id. */
  before: string | null;
  limit: number;
}

/** Marks around a match in a headline: control characters, which no stored text is shown with. */
export const MARK_START = '\u0002';
export const MARK_END = '\u0003';

/** A row of a search, with the best headline of its title and of its text; null where that field has no match. */
export type FoundRow = MediaRow & { title_match: string | null; text_match: string | null };

/** Newest first, without what is in the trash. */
export function listNewest(db: Database, { before, limit }: Page): Promise<MediaRow[]> {
  return selectMedia(db)
    .where('media.deleted_at', 'is', null)
    .$if(before !== null, (query) => query.where('media.id', '<', before))
    .orderBy('media.id', 'desc')
    .limit(limit)
    .execute();
}

/**
 * Items that have every word: as written or as a prefix, or in an inflected form of Finnish or English. Newest first.
 * Words are letters and digits only (see `wordsOf`), so none can break out of the tsquery syntax.
 */
export function searchNewest(
  db: Database,
  words: readonly string[],
  { before, limit }: Page,
): Promise<FoundRow[]> {
  const query = sql`(${sql.join(words.map(wordQuery), sql` && `)})`;
  return selectMedia(db)
    .select([headline('title', query).as('title_match'), headline('text', query).as('text_match')])
    .where('media.deleted_at', 'is', null)
    .where(sql<boolean>`media.search @@ ${query}`)
    .$if(before !== null, (rest) => rest.where('media.id', '<', before))
    .orderBy('media.id', 'desc')
    .limit(limit)
    .execute();
}

/** A word as a prefix of what is written, or as a stem in either language; a stop word has no stem and is left to `simple`. */
const wordQuery = (word: string): RawBuilder<unknown> =>
  sql`(to_tsquery('simple', ${`${word}:*`}) || plainto_tsquery('finnish', ${word}) || plainto_tsquery('english', ${word}))`;

/** The first configuration that marks anything wins: `simple` is closest to what was typed. */
function headline(column: 'title' | 'text', query: RawBuilder<unknown>): RawBuilder<string | null> {
  const options = `StartSel=${MARK_START}, StopSel=${MARK_END}, MinWords=8, MaxWords=24, ShortWord=0`;
  const field = sql.ref(`media.${column}`);
  const attempts = ['simple', 'finnish', 'english'].map(
    (config) =>
      sql`(select h from ts_headline(${sql.lit(config)}, ${field}, ${query}, ${options}) as h where h like ${`%${MARK_START}%`})`,
  );
  return sql<string | null>`coalesce(${sql.join(attempts)})`;
}
