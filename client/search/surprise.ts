import type { QueryClient } from '@tanstack/solid-query';
import { api, unwrap } from '../api/client.ts';
import { toApiError } from '../api/errors.ts';
import { loadBrowseDictionary } from '../i18n/dictionaries.tsx';
import type { Language } from '../i18n/language.ts';
import { itemQuery } from '../library/item.queries.ts';
import { takeSort } from '../library/query-filters.ts';
import { createSurprise, type Surprise } from './surprise.model.ts';

/** Key of the shown items in the storage of the session, which a reload keeps. */
const SEEN_KEY = 'surprises';

/** The shown items if storage is blocked. */
let unsaved: readonly string[] = [];

const seen = {
  read(): readonly string[] {
    try {
      return sessionStorage.getItem(SEEN_KEY)?.split(' ') ?? unsaved;
    } catch {
      return unsaved;
    }
  },
  write(ids: readonly string[]): void {
    unsaved = ids;
    try {
      sessionStorage.setItem(SEEN_KEY, ids.join(' '));
    } catch {
      // the list lasts until the page is closed
    }
  },
};

let surprise: ((q: string) => Promise<Surprise>) | undefined;

interface DrawContext {
  q: string;
  client: QueryClient;
  language: Language;
  show: (text: string) => void;
}

/** Finds a random item of a query that this session has not shown. Says when all were shown. */
export async function drawUnseen({ q, client, language, show }: DrawContext): Promise<string | null> {
  surprise ??= createSurprise({
    seen,
    draw: (rest, cursor) =>
      unwrap(api.search.surprise.$get({ query: { ...(rest && { q: rest }), ...(cursor && { cursor }) } })),
    isThere: (id) =>
      client.fetchQuery(itemQuery(client, id)).then(
        (item) => item.deletedAt === null,
        (thrown: unknown) => {
          if (toApiError(thrown).code === 'not_found') return false;
          throw thrown;
        },
      ),
  });
  const { id, again } = await surprise(takeSort(q).rest);
  const texts = await loadBrowseDictionary(language);
  if (id === null) show(texts['surprise.none']);
  else if (again) show(texts['surprise.again']);
  return id;
}
