import type { I18n } from '../i18n/i18n.tsx';
import { collapseSpaces, filterParts, splitQuery, takeSort } from '../library/query-filters.ts';

const isLabelled = (
  value: string,
): value is 'image' | 'animation' | 'video' | 'mine' | 'favourite' | 'untagged' | 'failed' | 'trash' =>
  /^(?:image|animation|video|mine|favourite|untagged|failed|trash)$/.test(value);

/** Marks before the values that people have named. */
const MARKS: Partial<Record<string, string>> = { tag: '#', by: '@', in: '' };

/** The text of a filter for people: `#koira`, `@Aino`, `Videos`, `−#kissa`, `< 2025`. */
export function filterLabel(filter: string, t: I18n['t']): string {
  const [key, value] = filterParts(filter);
  const sign = key.startsWith('-') ? '−' : '';
  const name = key.replace('-', '');
  if (name === 'like') return t('filter.like');
  if (name === 'before') return `< ${value}`;
  if (name === 'after') return `≥ ${value}`;
  const mark = MARKS[name];
  return `${sign}${mark === undefined && isLabelled(value) ? t(`filter.${value}`) : `${mark ?? ''}${value}`}`;
}

/** A query without an order, for people: its words, then its filters. */
export function describeQuery(q: string, t: I18n['t']): string {
  const { words, filters } = splitQuery(takeSort(q).rest);
  const all = [collapseSpaces(words), ...filters.map((filter) => filterLabel(filter, t))];
  return all.filter(Boolean).join(' · ');
}
