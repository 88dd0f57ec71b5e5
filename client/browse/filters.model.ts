import type { MediaKind } from '../../app/media/media.schema.ts';

const TYPE = /(^|\s)type:(\S*)/giu;

/** The type a search is limited to by a filter in it; `null` for none or several. */
export function typeIn(q: string): MediaKind | null {
  const found = [...q.matchAll(TYPE)].map((match) => match[2]?.toLowerCase());
  const [type] = found;
  if (found.length !== 1) return null;
  return type === 'image' || type === 'animation' || type === 'video' ? type : null;
}

/** The search limited to one type, or to none; the rest of it stays. */
export function withType(q: string, type: MediaKind | null): string {
  const rest = q.replace(TYPE, ' ').replace(/\s+/g, ' ').trim();
  return [rest, type === null ? '' : `type:${type}`].filter(Boolean).join(' ');
}
