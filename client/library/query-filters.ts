import type { MediaKind } from '../../app/media/media.schema.ts';

/** The word of the search that stands for the trash. The trash is a list of its own: other words do not narrow it. */
export const TRASH = 'is:trash';

export const TYPE = /(^|\s)type:(\S*)/giu;
/** With single spaces between words. */
export const collapseSpaces = (q: string) => q.replace(/\s+/g, ' ').trim();

/** The type a search is limited to by a filter in it; `null` for none or several. */
export function typeFilter(q: string): MediaKind | null {
  const found = [...q.matchAll(TYPE)].map((match) => match[2]?.toLowerCase());
  const [type] = found;
  if (found.length !== 1) return null;
  return type === 'image' || type === 'animation' || type === 'video' ? type : null;
}

/** The search limited to one type, or to none; the rest of it stays. */
export function withTypeFilter(q: string, type: MediaKind | null): string {
  return collapseSpaces(`${q.replace(TYPE, ' ')} ${type === null ? '' : `type:${type}`}`);
}

/** Whether a filter stands in the search as a word of its own. */
export const hasFilter = (q: string, word: string): boolean =>
  q.toLowerCase().split(/\s+/).includes(word.toLowerCase());

/** The search without a filter, or with it at its end. */
export function withFilter(q: string, word: string, present: boolean): string {
  const rest = q.split(/\s+/).filter((other) => other.toLowerCase() !== word.toLowerCase());
  return collapseSpaces([...rest, present ? word : ''].join(' '));
}
