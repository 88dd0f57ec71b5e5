import { readSetting, saveSetting } from '../lib/local-storage.ts';

/** Maximum number of recent searches: as many as fit under the search box on a phone. */
const MAX_RECENT_SEARCHES = 6;
/** Minimum length of a saved search; shorter ones are unfinished. */
const MIN_SEARCH_LENGTH = 2;

const isList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

/**
 * Recent searches of this user in this browser, newest first. They are stored by user name, so that
 * a shared device shows nobody else's.
 */
export function recentSearches(username: string): string[] {
  try {
    const stored: unknown = JSON.parse(readSetting('searches') ?? 'null');
    if (typeof stored !== 'object' || stored === null) return [];
    if (!('who' in stored) || stored.who !== username || !('list' in stored)) return [];
    return isList(stored.list) ? stored.list : [];
  } catch {
    return []; // foreign or outdated data
  }
}

/** Saves a search as the newest. Searches that it extends or repeats are removed. */
export function saveSearch(username: string, q: string): void {
  const search = q.trim();
  if (search.length < MIN_SEARCH_LENGTH) return;
  const others = recentSearches(username).filter(
    (other) => !search.toLowerCase().startsWith(other.toLowerCase()),
  );
  saveSetting(
    'searches',
    JSON.stringify({ who: username, list: [search, ...others].slice(0, MAX_RECENT_SEARCHES) }),
  );
}

export const clearSearches = (): void => saveSetting('searches', null);
