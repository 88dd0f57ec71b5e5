import type { MediaKind } from '../../app/media/media.schema.ts';

/** Filter that selects the trash. The trash is a separate list: other terms do not narrow it. */
export const TRASH = 'is:trash';

export const TYPE = /(^|\s)type:(\S*)/giu;
/** Collapses whitespace to single spaces. */
export const collapseSpaces = (q: string) => q.replace(/\s+/g, ' ').trim();

/** The media type filter of a query; `null` for none or several. */
export function typeFilter(q: string): MediaKind | null {
  const found = [...q.matchAll(TYPE)].map((match) => match[2]?.toLowerCase());
  const [type] = found;
  if (found.length !== 1) return null;
  return type === 'image' || type === 'animation' || type === 'video' ? type : null;
}

/** Replaces the media type filter of a query and keeps the rest. */
export function withTypeFilter(q: string, type: MediaKind | null): string {
  return collapseSpaces(`${q.replace(TYPE, ' ')} ${type === null ? '' : `type:${type}`}`);
}

/** Whether a query contains a filter as a separate word. */
export const hasFilter = (q: string, word: string): boolean =>
  q.toLowerCase().split(/\s+/).includes(word.toLowerCase());

/** Removes a filter from a query, or appends it. */
export function withFilter(q: string, word: string, present: boolean): string {
  const rest = q.split(/\s+/).filter((other) => other.toLowerCase() !== word.toLowerCase());
  return collapseSpaces([...rest, present ? word : ''].join(' '));
}
