import { recall, remember } from '../lib/local-storage.ts';

/** As many as fit under the search box on a phone. */
const MOST = 6;
/** Shorter ones are the beginning of something else. */
const SHORTEST = 2;

const isList = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

/** What this person searched for in this browser, the latest first. Kept by name: a shared device shows nobody else's. */
export function recentSearches(username: string): string[] {
  try {
    const stored: unknown = JSON.parse(recall('searches') ?? 'null');
    if (typeof stored !== 'object' || stored === null) return [];
    if (!('who' in stored) || stored.who !== username || !('list' in stored)) return [];
    return isList(stored.list) ? stored.list : [];
  } catch {
    return []; // not ours, or from another time
  }
}

/** Puts a search first. What it continues or repeats goes. */
export function rememberSearch(username: string, q: string): void {
  const search = q.trim();
  if (search.length < SHORTEST) return;
  const others = recentSearches(username).filter(
    (other) => !search.toLowerCase().startsWith(other.toLowerCase()),
  );
  remember('searches', JSON.stringify({ who: username, list: [search, ...others].slice(0, MOST) }));
}

export const forgetSearches = (): void => remember('searches', null);
