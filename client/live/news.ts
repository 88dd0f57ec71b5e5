/** Ids of changed items; `all` if any may have changed. */
export type News = readonly string[] | 'all';

/** Maximum number of ids to remember. Above it, any item may have changed. */
const MAX_IDS = 500;

/** Adds news to earlier news. */
export function joinNews(a: News, b: News): News {
  if (a === 'all' || b === 'all') return 'all';
  const ids = new Set([...a, ...b]);
  return ids.size > MAX_IDS ? 'all' : [...ids];
}
