import { formatOf, FORMATS } from '../../app/media/formats/formats.limits.ts';
import type { MediaListItem } from '../../app/media/media.schema.ts';
import { formatBytes } from '../i18n/format-bytes.ts';
import type { I18n } from '../i18n/i18n.tsx';

type Measured = Pick<MediaListItem, 'mime' | 'width' | 'height' | 'byteSize'>;

/** Describes the file of an item by format, pixels and size: `JPEG · 800 × 600 · 95 kB`. */
export function itemFigures(item: Measured, i18n: Pick<I18n, 'number' | 'language'>): string {
  const format = formatOf(item.mime);
  return [
    format ? FORMATS[format].label : item.mime,
    `${i18n.number(item.width)} × ${i18n.number(item.height)}`,
    formatBytes(i18n.language(), item.byteSize),
  ].join(' · ');
}
